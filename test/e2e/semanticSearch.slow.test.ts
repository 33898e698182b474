/** The Worker of the page about semantic search, as it stands, next to stand-ins for Workers AI and Vectorize. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { startMiniflare } from '../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../scripts/worker/worker.ts';
import { fromRows } from '../../training/data/rows.ts';
import { train } from '../../training/train.ts';
import { type Finished, ROOT, start } from '../support/commands/cli.ts';
import { blocksOf } from '../support/commands/docs.ts';
import {
  EMBEDDED,
  embedding,
  SETTLES_MS,
  VECTORIZE,
  WORKERS_AI,
} from '../support/edge/cloudflareStandIns.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const DIMENSIONS = 64;
const blocks = blocksOf('docs/semantic-search.md');
const textOf = (language: string) => blocks.find((each) => each.language === language)!.text;

const WORDS =
  'tea kettle harbour boat sail wind rain garden rose bee honey bread oven stone wall river'.split(' ');
/** Two words each, so that no two texts have the same. */
const TEXTS = WORDS.flatMap((one, i) => WORDS.slice(i + 1).map((other) => `the ${one} and the ${other}`));
const BULK = TEXTS.length / 2;

let folder: string;
let bulk: Finished;
let miniflare: Miniflare;
let url: URL;

beforeAll(async () => {
  // Below the root, where the name of the package leads to its own files.
  await mkdir(join(ROOT, 'artifacts'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'artifacts', '.search-'));
  const data = fromRows(TEXTS.map((text) => embedding(text, EMBEDDED)));
  const settings = { codeSize: DIMENSIONS, epochs: 4, batchSize: 64, residualSize: 32 };
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'notes',
    variant: 'similarity-preserving',
    ...{ data, settings, out: join(folder, 'artifacts') },
  });
  const lines = await written(artifact.directory);
  const entry = join(folder, 'index.ts');
  await writeFile(entry, textOf('ts'));
  const build = await buildWorker(
    join(folder, 'build'),
    await bundleModels([artifact], join(folder, 'bundle')),
    entry,
  );
  miniflare = startMiniflare({
    cf: false,
    workers: [
      {
        ...(await workerOptions(build, { LOG: 'problems' })),
        wrappedBindings: { AI: 'workers-ai', NOTES: 'vectorize' },
      },
      { name: 'workers-ai', modules: true, script: WORKERS_AI },
      { name: 'vectorize', modules: true, script: VECTORIZE(DIMENSIONS, lines) },
    ],
  });
  url = await miniflare.ready;
}, 120_000);
afterAll(async () => {
  await miniflare.dispose();
  await rm(folder, { recursive: true });
});

/** The last half of the texts, as `npm run vectors` writes them. */
async function written(directory: string): Promise<string[]> {
  const table = join(folder, 'documents.jsonl');
  const rows = TEXTS.map((text, i) => ({ id: `note-${i}`, text, embedding: embedding(text, EMBEDDED) }));
  await writeFile(
    table,
    rows
      .slice(TEXTS.length / 2)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  );
  const file = join(folder, 'notes.ndjson');
  bulk = await start('vectors', [directory, '--data', table, '--to', file]).finished;
  return (await readFile(file, 'utf8')).trim().split('\n');
}

const put = (notes: unknown) =>
  fetchFresh(new URL('/notes', url), { method: 'PUT', body: JSON.stringify(notes) });
async function search(words: string) {
  const response = await fetchFresh(new URL(`/search?q=${encodeURIComponent(words)}`, url));
  expect(response.status).toBe(200);
  return (await response.json()) as { id: string; text: string; score: number }[];
}

test('notes are stored by their codes, and found by what they are about', async () => {
  const notes = TEXTS.slice(0, BULK).map((text, i) => ({ id: `note-${i}`, text }));
  const response = await put(notes);
  expect([response.status, await response.json()]).toEqual([202, { accepted: BULK }]);
  await setTimeout(SETTLES_MS + 100);
  const found = await search('a boat with a sail');
  expect(found).toHaveLength(5);
  expect(found[0]).toEqual({
    id: expect.any(String),
    text: expect.stringMatching(/boat|sail/),
    score: expect.any(Number),
  });
  const exact = await search(notes[7]!.text);
  expect(exact[0]).toMatchObject(notes[7]!);
  expect(exact[0]!.score).toBeCloseTo(1, 5);
});

test('a note that is put again is replaced', async () => {
  await put([{ id: 'note-0', text: 'zeppelin' }]);
  await setTimeout(SETTLES_MS + 100);
  expect((await search('zeppelin'))[0]).toMatchObject({ id: 'note-0', text: 'zeppelin' });
});

test('more notes than are embedded at a time are refused', async () => {
  const notes = Array.from({ length: 101 }, (_, i) => ({ id: `${i}`, text: 'tea' }));
  expect((await put(notes)).status).toBe(413);
});

test('notes are found whose vectors were written in bulk', async () => {
  expect(bulk.stdout).toContain('id = id, text = text');
  expect(bulk.stdout).toContain(
    `npx wrangler vectorize create notes --dimensions=${DIMENSIONS} --metric=cosine`,
  );
  const [note] = await search(TEXTS[100]!);
  expect(note).toMatchObject({ id: 'note-100', text: TEXTS[100] });
  expect(note!.score).toBeCloseTo(1, 5);
});

test('it compiles with the types that Wrangler generates for the bindings of the page', async () => {
  const own = join(folder, 'types');
  await mkdir(own);
  await writeFile(join(own, 'index.ts'), textOf('ts'));
  const config = `name = "notes"\nmain = "index.ts"\ncompatibility_date = "2026-04-01"\n${textOf('toml')}\n`;
  await writeFile(join(own, 'wrangler.toml'), config);
  const run = (path: string, ...flags: string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', path), ...flags], {
      cwd: own,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    });
  await run('wrangler/bin/wrangler.js', 'types');
  const tsconfig = {
    extends: '../../../tsconfig.json',
    compilerOptions: { types: [], lib: ['ESNext'], skipLibCheck: true },
    include: ['index.ts', 'worker-configuration.d.ts', '../../../edge/workers.d.ts'],
  };
  await writeFile(join(own, 'tsconfig.json'), JSON.stringify(tsconfig));
  // This project's own sources are written for other globals: packages have declarations in their place.
  const { stdout } = await run('typescript/lib/tsc.js', '--noEmit', '-p', '.').catch((error) => error);
  expect(stdout.split('\n').filter((line: string) => line.startsWith('index.ts'))).toEqual([]);
}, 180_000);
