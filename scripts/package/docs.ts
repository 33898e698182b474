/** The documentation in the package: its pages, with the commands of a project that has it installed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { llmsText } from '../measure/docs/llms.ts';

/** Pages for users, by the path that they have in `docs` of both the repository and the package. */
export const PAGES: readonly string[] = [
  ...['your-project.md', 'embedding.md', 'anomalies.md', 'recommendations.md', 'tables.md'],
  ...[
    'series.md',
    'semantic-search.md',
    'vector-stores.md',
    'importing.md',
    'mcp.md',
    'images-and-sequences.md',
    'training.md',
    'tuning.md',
  ],
  ...['serving.md', 'jobs.md', 'playground.md', 'deploying.md', 'retraining.md', 'shadow.md'],
  ...[
    'production.md',
    'frozen-runtime.md',
    'reference/gates.md',
    'reference/layers.md',
    'reference/losses.md',
  ],
  ...['reference/operations.md', 'reference/predictors.md', 'reference/problems.md', 'reference/recipes.md'],
  ...['reference/settings.md', 'reference/sources.md', 'reference/transforms.md', 'reference/variants.md'],
];
/** Its commands are those of the project that it is about. */
const OF_PROJECT = 'your-project.md';

/** Writes the pages into `docs` of the package's folder, and the list of them next to it. */
export async function writeDocs(library: string): Promise<void> {
  for (const page of PAGES) {
    const path = join(library, 'docs', page);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, packaged(page, await readFile(join(PACKAGE_FOLDER, 'docs', page), 'utf8')));
  }
  const isPacked = (path: string) => PAGES.some((page) => path === join('docs', page));
  await writeFile(join(library, 'llms.txt'), llmsText(isPacked));
}

const COMMAND =
  /npm run (train|tune|compare|import|publish|evaluate|score|report|freeze|serve|demo|build|deploy|retrain|models|init|jobs|rows|key|vectors)\b(?: --(?= ))?/g;

/** Returns a text with the commands of a project that has the package installed. */
export function ofProject(text: string): string {
  return text.replaceAll(COMMAND, 'npx latentedge $1');
}

function packaged(page: string, text: string): string {
  const linked = text.replaceAll(/\[([^\]]+)\]\(([^)#:]+)(?:#[^)]*)?\)/g, (link, words, target) =>
    PAGES.includes(join(dirname(page), target)) ? link : words,
  );
  return page === OF_PROJECT ? linked : ofProject(linked);
}
