/** `npm run build:playground`: builds the playground, which `serve`, `demo` and `deploy` do themselves if need be. */
import { resolve } from 'node:path';
import { command, printer, run } from './cli/command.ts';
import { buildPlayground } from './playground/build.ts';

const program = command('build:playground', 'Build the playground as static files.')
  .option('--out <folder>', 'where the files are written', 'artifacts/playground')
  .action(async ({ out, json }: { out: string; json?: boolean }) => {
    const folder = resolve(out);
    await buildPlayground(folder);
    if (json) console.log(JSON.stringify({ folder }));
    printer(json)(folder);
  });

await run(program);
