/** `npx latentedge init [folder]`: writes a small project, or adds latentedge to an existing Worker. */
import { join, resolve } from 'node:path';
import { command, printer, run } from './cli/command.ts';
import { addToWorker, nextInWorker } from './init/addToWorker.ts';
import { writeProject } from './init/writeProject.ts';

const program = command(
  'init',
  'Write a small project: a table, a recipe in code, a Worker and a nightly job.',
)
  .argument('[folder]', 'folder to write it to: a new or an empty one', 'latentedge-models')
  .option('--into <folder>', 'add latentedge to the existing Worker project in this folder instead')
  .addHelpText('after', '\nThen: cd <folder>, npm install, npm run train, npm run dev')
  .action(async (folder: string, { into, json }: { into?: string; json?: boolean }) => {
    const print = printer(json);
    const target = resolve(into ?? folder);
    const written = into === undefined ? await writeProject(target) : await addToWorker(target, print);
    for (const file of written) print(`wrote ${join(into ?? folder, file)}`);
    if (json) console.log(JSON.stringify({ folder: target, files: written }));
    print(into === undefined ? nextSteps(folder) : await nextInWorker(target));
  });

function nextSteps(folder: string): string {
  return `\nnext:\n  cd ${folder}\n  npm install\n  npm run train\n  npm run dev`;
}

await run(program);
