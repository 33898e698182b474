/** `npm run build`: the packages `latentedge` and `latentedge-client`, each ready for `npm pack`. */
import { resolve } from 'node:path';
import { command, printer, run } from './cli/command.ts';
import { buildPackages } from './package/buildPackages.ts';

const program = command('build', 'Build the packages latentedge and latentedge-client.')
  .option('--out <folder>', 'where the packages are written', 'dist')
  .action(async ({ out, json }: { out: string; json?: boolean }) => {
    const print = printer(json);
    const packages = await buildPackages(resolve(out));
    if (json) console.log(JSON.stringify({ packages }));
    for (const folder of packages) print(folder);
  });

await run(program);
