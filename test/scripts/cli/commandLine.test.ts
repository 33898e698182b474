import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { EDGE_ENTRIES, NODE_ENTRIES } from '../../../scripts/package/javascript.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The start of a command line, in latentedge's repository or in a project that has installed the package. */
const COMMAND = /npm run [\w$]|npx latentedge/;
/** `commandLine` itself, and the files of a new project, in which only one of the two is right. */
const EXEMPT = /^(training\/commandLine\.ts$|scripts\/init(\/|\.ts$))/;

/** The files that the packages are bundled from. */
let shipped: string[];

beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...NODE_ENTRIES, ...EDGE_ENTRIES].map((path) => `${path}.ts`),
    bundle: true,
    splitting: true,
    format: 'esm',
    packages: 'external',
    loader: { '.html': 'text', '.css': 'text', '.page.js': 'text' },
    outdir: 'nothing-is-written',
    write: false,
    metafile: true,
  });
  shipped = Object.keys(metafile.inputs).filter((path) => !path.includes('package.json'));
});

/** The lines of a file that name a command; comments are for readers of the repository, and do not count. */
async function named(path: string): Promise<string[]> {
  const text = await readFile(join(ROOT, path), 'utf8');
  const code = path.endsWith('.ts') ? (await transform(text, { loader: 'ts' })).code : text;
  return code
    .split('\n')
    .filter((line) => COMMAND.test(line))
    .map((line) => `${path}: ${line.trim()}`);
}

it('what users run names commands by `commandLine`, as it may run in the repository or from the package', async () => {
  expect(shipped).toEqual(expect.arrayContaining(['scripts/retrain/retrain.ts', 'edge/problems.ts']));
  const lines = await Promise.all(shipped.filter((path) => !EXEMPT.test(path)).map(named));
  expect(lines.flat()).toEqual([]);
});

it('finds a command in the files that may name one', async () => {
  expect(await named('training/commandLine.ts')).toHaveLength(1);
  expect((await named('scripts/init/workflow.ts')).length).toBeGreaterThan(0);
});
