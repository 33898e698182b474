/** The snippets of the page about embedding: each compiles as it stands, and serves as a Worker. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { startMiniflare } from '../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../scripts/worker/worker.ts';
import { readWorkerConfig } from '../../scripts/worker/wranglerConfig.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, FEATURES } from '../support/artifacts/linearArtifact.ts';
import { ROOT } from '../support/commands/cli.ts';
import { blocksOf } from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const blocks = blocksOf('docs/embedding.md');
const snippets = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
const [bundle, binding] = blocks.filter(({ language }) => language === 'toml').map(({ text }) => parse(text));

let folder: string;

beforeAll(async () => {
  // Below the root, where the name of the package leads to its own files.
  await mkdir(join(ROOT, 'artifacts'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'artifacts', '.embedding-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The snippet that has some text, on models that there are. */
function snippet(text: string): string {
  const found = snippets.find((each) => each.includes(text))!;
  return found.replaceAll(/'(orders|digits)'/g, "'linear'");
}

const started = (...texts: string[]) => startedWith([], ...texts);

async function startedWith(flags: readonly string[], ...texts: string[]) {
  const workers = await Promise.all(
    texts.map(async (text, i) => {
      const own = await mkdtemp(join(folder, 'worker-'));
      await writeFile(join(own, 'index.ts'), text);
      const build = await buildWorker(join(own, 'build'), inject('modelsPath'), join(own, 'index.ts'));
      return {
        ...(await workerOptions(build, { LOG: 'problems' })),
        compatibilityFlags: [...((await readWorkerConfig()).compatibility_flags ?? []), ...flags],
        name: ['caller', 'latentedge'].at(i - texts.length)!,
      };
    }),
  );
  const [{ binding: name, service, entrypoint }] = binding!.services as [Record<string, string>];
  const serviceBindings = { [name!]: { name: service!, entrypoint: entrypoint! } };
  const miniflare = startMiniflare({
    cf: false,
    handleStructuredLogs: () => undefined,
    workers: workers.map((worker) => (worker.name === 'caller' ? { ...worker, serviceBindings } : worker)),
  });
  onTestFinished(() => miniflare.dispose());
  const url = await miniflare.ready;
  return (path: string, init?: RequestInit) => fetchFresh(new URL(path, url), init);
}

test('all of them compile', async () => {
  for (const [i, text] of snippets.entries()) await writeFile(join(folder, `snippet${i}.ts`), text);
  const config = { extends: '../../tsconfig.json', include: ['snippet*.ts', '../../edge/**/*.d.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/lib/tsc.js');
  await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', folder]);
});

test('the lines for wrangler.toml are those of this project', async () => {
  const own = parse(await readFile(join(ROOT, 'wrangler.toml'), 'utf8'));
  expect(own).toMatchObject({ ...bundle, alias: bundle!.alias });
  expect(own.compatibility_flags).toEqual(expect.arrayContaining(binding!.compatibility_flags as string[]));
});

test('the API in a Hono app', async () => {
  const request = await started(snippet("auth: 'none'"));
  expect(await (await request('/')).text()).toBe('my own page');
  expect((await request('/ml/v1/models')).status).toBe(200);
});

test("the application's own authentication", async () => {
  const request = await started(snippet('Bearer secret'));
  expect((await request('/ml/v1/models')).status).toBe(401);
  const headers = { Authorization: 'Bearer secret' };
  expect((await request('/ml/v1/models', { headers })).status).toBe(200);
});

test('a Worker that only serves models', async () => {
  const request = await started(snippet("open: 'true'"));
  expect((await request('/v1/models')).status).toBe(200);
});

test('a call in the same Worker', async () => {
  const request = await started(snippet('models.open('));
  const body = JSON.stringify(new Array(FEATURES).fill(0));
  const response = await request('/orders', { method: 'POST', body });
  expect(await response.json()).toEqual({ isUnusual: expect.any(Boolean), because: expect.any(String) });
  const wrong = await request('/orders', { method: 'POST', body: '[1]' });
  expect([wrong.status, await wrong.json()]).toMatchObject([422, { error: 'wrong-shape' }]);
});

test("a Worker in which Node's globals are", async () => {
  const request = await startedWith(['nodejs_compat'], snippet('models.open('));
  const body = JSON.stringify(new Array(FEATURES).fill(0));
  expect((await request('/orders', { method: 'POST', body })).status).toBe(200);
});

test('a call from another Worker', async () => {
  const request = await started(snippet('env.LATENTEDGE'), snippet('LatentedgeEntrypoint ='));
  const row = new Array<number>(FEATURES).fill(1);
  const response = await request('/', { method: 'POST', body: new Float32Array(row) });
  const codes = [...new Float32Array(await response.arrayBuffer())];
  expect(codes).toEqual(expectedCodes([row], NEW_SCALE).flat());
});
