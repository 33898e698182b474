/**
 * `npm run docs`: writes the documentation's tables of variants, layers, settings and the like from the code.
 */
import { command, printer, run } from './cli/command.ts';
import { writtenSections } from './measure/docs/pages.ts';
import { updatePage } from './measure/sections.ts';

const program = command(
  'docs',
  'Write the reference tables of the documentation from the code. Measures nothing.',
).action(({ json }: { json?: boolean }) => {
  const print = printer(json);
  const pages = Object.entries(writtenSections()).map(([page, sections]) => {
    const changed = updatePage(page, sections);
    print(`${page}: ${changed ? 'written' : 'up to date'}`);
    return { page, changed, sections: Object.keys(sections) };
  });
  if (json) console.log(JSON.stringify({ pages }));
});

await run(program);
