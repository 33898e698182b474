/**
 * `npm run docs`: writes the documentation's tables of variants, layers, settings and the like from the code, the
 * list of its pages, and the workflow that retrains.
 */
import { command, printer, run } from './cli/command.ts';
import { OWN_WORKFLOW } from './init/workflow.ts';
import { llmsText } from './measure/docs/llms.ts';
import { writtenSections } from './measure/docs/pages.ts';
import { updateFile, updatePage } from './measure/sections.ts';

const program = command(
  'docs',
  'Write the reference tables of the documentation, llms.txt, and the workflow that retrains. Measures nothing.',
).action(({ json }: { json?: boolean }) => {
  const print = printer(json);
  const pages = Object.entries(writtenSections()).map(([page, sections]) => {
    const changed = updatePage(page, sections);
    print(`${page}: ${changed ? 'written' : 'up to date'}`);
    return { page, changed, sections: Object.keys(sections) };
  });
  for (const { path, text } of [OWN_WORKFLOW, { path: 'llms.txt', text: llmsText() }])
    print(`${path}: ${updateFile(path, text) ? 'written' : 'up to date'}`);
  if (json) console.log(JSON.stringify({ pages }));
});

await run(program);
