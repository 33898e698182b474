/** `npm run packages`: the packages `latentedge` and `latentedge-client`, each ready for `npm pack`; or the playground alone. */
import { join, resolve } from 'node:path';
import { command, printer, run } from './cli/command.ts';
import { buildPackages } from './package/buildPackages.ts';
import { buildPlayground } from './playground/build.ts';

interface PackagesOptions {
  readonly out: string;
  readonly playground?: boolean;
  readonly json?: boolean;
}

const program = command('packages', 'Build the packages latentedge and latentedge-client.')
  .option('--out <folder>', 'where the packages are written', 'dist')
  .option('--playground', 'build only the playground, as static files (npm run build:playground)')
  .action(async ({ out, playground, json }: PackagesOptions) => {
    const print = printer(json);
    if (playground) {
      const folder = resolve(join(out, 'playground'));
      await buildPlayground(folder);
      if (json) console.log(JSON.stringify({ folder }));
      return print(folder);
    }
    const packages = await buildPackages(resolve(out));
    if (json) console.log(JSON.stringify({ packages }));
    for (const folder of packages) print(folder);
  });

await run(program);
