/** Ends the full suite before its first test if something that it needs is missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLICATIONS, type PublishedName } from '../../../training/recipes/published.ts';
import { CHROMIUM } from '../commands/chromium.ts';
import { dataRoot } from '../data/realData.ts';

/** Every file that tests read. */
const FILES: readonly PublishedName[] = [
  ...['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
    (name) => `mnist/${name}-ubyte.gz` as const,
  ),
  'rain/weatherAUS.csv.gz',
  ...(['data.csv', 'split.json', 'meta.json'] as const).map((name) => `make-regression/${name}` as const),
  ...(['ratings.csv', 'movies.csv'] as const).map((name) => `movielens-small/${name}` as const),
  ...(['ECG5000_TRAIN.txt.gz', 'ECG5000_TEST.txt.gz'] as const).map((name) => `ecg5000/${name}` as const),
  ...(['cardio.csv', 'pendigits.csv'] as const).map((name) => `anomaly/${name}` as const),
];

/** The section of CONTRIBUTING.md that explains what the full suite needs. */
export const SECTION = 'The tests';

/** @throws {Error} naming everything that is missing, and where to get it. */
export function requireEverything(): void {
  const root = dataRoot();
  const missing = FILES.filter((name) => !existsSync(join(root, name)));
  const folders = [...new Set(missing.map((name) => name.split('/')[0] as keyof typeof PUBLICATIONS))];
  const lines = folders.map((folder) => {
    const { title, source } = PUBLICATIONS[folder];
    const files = missing.filter((name) => name.startsWith(`${folder}/`)).map((name) => join(root, name));
    return `- ${title}, ${source}; expected ${files.join(', ')}`;
  });
  if (!existsSync(CHROMIUM))
    lines.push(`- Chromium (Debian: apt-get install chromium; else set CHROMIUM); expected ${CHROMIUM}`);
  if (lines.length === 0) return;
  throw new Error(
    `npm run test:full needs what is missing here (CONTRIBUTING.md, "${SECTION}"; LATENTEDGE_DATA names the ` +
      `folder of data):\n${lines.join('\n')}\nnpm test does without all of it.`,
  );
}
