/**
 * Everything that is called of Wrangler, with the newest one, which needs a newer Node; the oldest that is
 * supported is that of this repository, with which all other tests build and run Workers.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersCsv } from '../../scripts/init/orders.ts';
import { startMiniflare } from '../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../scripts/worker/worker.ts';
import { ROOT, start } from '../support/commands/cli.ts';
import { type CloudflareApi, cloudflareApi } from '../support/commands/cloudflareApi.ts';
import { keptFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { installNode } from '../support/packages/nodes.ts';
import { npm } from '../support/packages/packed.ts';

const run = promisify(execFile);
const folder = keptFolder();
const artifacts = join(folder, 'artifacts');
const ROW = { amount: 38.5, items: 2, shipping: 4.9, hour: 14, country: 'NL' };
const TRAINING = ['anomaly', '--data', 'orders.csv', '--set', 'epochs=15'];

/** A folder with a Worker. */
interface Project {
  readonly folder: string;
  /** Starts one of latentedge's commands in it. */
  start(script: string, flags: readonly string[], env?: NodeJS.ProcessEnv): ReturnType<typeof start>;
  /** Runs one to its end, and returns what it prints. */
  printed(script: string, flags: readonly string[], env?: NodeJS.ProcessEnv): Promise<unknown>;
}

function newProject(name: string, node: string): Project {
  const own = join(folder, name);
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), '{"private": true}');
  // Wrangler reads the configuration of the folder that it runs in.
  symlinkSync(join(ROOT, 'edge'), join(own, 'edge'));
  const config = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'));
  // Freezing calls nothing of Wrangler.
  const vars = { ...(config.vars as object), RUNTIME: 'stock' };
  writeFileSync(join(own, 'wrangler.toml'), stringify({ ...config, vars }));
  writeFileSync(join(own, 'orders.csv'), ordersCsv());
  const started = (script: string, flags: readonly string[], env = process.env) =>
    start(script, [...flags, '--json'], own, env, node);
  return {
    folder: own,
    start: started,
    printed: async (...args) => {
      const { code, stdout, stderr } = await started(...args).finished;
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    },
  };
}

let api: CloudflareApi;

beforeAll(async () => {
  api = await cloudflareApi();
  const { printed } = newProject('training', process.execPath);
  await printed('train', [...TRAINING, '--name', 'orders', '--out', artifacts]);
});
afterAll(() => api.close());

async function uploads({ folder: own, printed }: Project): Promise<void> {
  cpSync(artifacts, join(own, 'artifacts'), { recursive: true });
  expect(await printed('deploy', [], api.environment)).toMatchObject({ uploaded: true });
  expect(api.deployments.at(-1)).toEqual({ [[...api.versions.keys()].at(-1)!]: 100 });
}

it('Wrangler 4.86 on Node 20 uploads and deploys the Worker to an account', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/wrangler/package.json'), 'utf8'));
  expect(version).toMatch(/^4\.86\./);
  await uploads(newProject('oldest', await installNode(folder, '20')));
});

it('Wrangler 4.86 has no temporary accounts, which a public demo says before it trains', async () => {
  const { code, stdout, stderr } = await start('demo', ['--public'], folder).finished;
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /--public: expected Wrangler 4\.102 or newer.*found 4\.86\.0; with Node 22\.12 or newer/,
  );
});

describe('the newest Wrangler on Node 22', () => {
  let project: Project;

  beforeAll(async () => {
    project = newProject('newest', await installNode(folder, '22'));
    await npm(project.folder, 'install', '--ignore-scripts', 'wrangler@latest');
  });

  it('uploads and deploys the Worker to an account', async () => {
    const { resolve } = createRequire(join(project.folder, 'package.json'));
    const { version } = JSON.parse(readFileSync(resolve('wrangler/package.json'), 'utf8'));
    expect(version).not.toMatch(/^4\.86\./);
    await uploads(project);
  });

  it('measures and uploads versions, and shares the requests out among them', async () => {
    const tags = (await project.printed('releaseVersions', [], api.environment)) as string[];
    const ids = tags.map(
      (tag) => [...api.versions].find(([, each]) => each.annotations['workers/tag'] === tag)![0],
    );
    expect(api.deployments.at(-1)).toEqual({ [ids[0]!]: 90, [ids[1]!]: 10 });
  });

  it('calls nothing else of the account', () => {
    expect(api.unknown).toEqual([]);
  });

  it('builds the Worker, and runs it', async () => {
    const { process: server, saw, finished } = project.start('serve', ['--port', '0']);
    const { url } = JSON.parse(await saw('\n'));
    const body = JSON.stringify({ rows: [ROW] });
    const headers = { 'Content-Type': 'application/json' };
    const address = new URL('/v1/models/orders/score', url);
    const response = await fetch(address, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ scores: [{ isAnomaly: false }] });
    server.kill('SIGINT');
    expect((await finished).code).toBe(130);
  });

  it('keeps a bucket of models on this machine', async () => {
    const { printed } = project;
    const { model, challenger } = (await printed('retrain', [...TRAINING, '--target', 'local'])) as {
      model: string;
      challenger: string;
    };
    const status = await printed('deploy', ['--status', '--target', 'local']);
    expect(status).toMatchObject({ models: [{ model, aliases: { production: challenger } }] });
  });

  it('makes the demo public by a temporary account, without what such an account lacks', async () => {
    const { CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, ...environment } = api.environment;
    // Wrangler keeps the account there.
    const own = { ...environment, XDG_CONFIG_HOME: join(folder, 'config') };
    const demo = (await project.printed('demo', ['--public', '--out', 'public'], own)) as Record<
      string,
      string
    >;
    expect(demo.playground).toMatch(/^https:\/\/\w+\.example\.workers\.dev\/playground\/$/);
    expect(Date.parse(demo.expires!) - Date.now()).toBeLessThan(3_600_000);
    const bindings = [...api.versions.values()].at(-1)!.bindings;
    expect(new Set(bindings.map(({ type }) => type))).toEqual(new Set(['assets', 'json', 'plain_text']));
    expect(bindings).toContainEqual({ type: 'plain_text', name: 'OPEN', text: 'true' });
  });

  it('changes the configuration of a Worker, and keeps its comments', async () => {
    const worker = join(project.folder, 'worker');
    mkdirSync(worker);
    const config = join(worker, 'wrangler.jsonc');
    writeFileSync(config, '{\n  "name": "w", // mine\n  "main": "w.ts"\n}\n');
    await project.printed('init', ['--into', worker]);
    const text = readFileSync(config, 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('"latentedge:models": "./artifacts/bundle/models.ts"');
  });
});

/** Cloudflare clones the repository, installs, runs the scripts `build` and `deploy`, and asks for the secrets. */
describe('what the Deploy button does', () => {
  const clone = join(folder, 'clone');
  const KEY = 'a-key-from-the-form-of-the-button';

  beforeAll(async () => {
    await run('git', ['clone', '--quiet', ROOT, clone]);
    // That a clone can be installed is tested by whatever tests in one.
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    await run('npm', ['run', 'build'], { cwd: clone });
  });

  it('a form is to ask for the key, and to say what it is', () => {
    const { cloudflare } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
    const secrets = readFileSync(join(clone, '.dev.vars.example'), 'utf8').match(/^\w+=.*$/gm);
    // A value would be filled in, and then be everybody's.
    expect(secrets).toEqual(['API_KEY=']);
    const { vars } = parse(readFileSync(join(clone, 'wrangler.toml'), 'utf8'));
    expect(Object.keys({ ...(vars as object), API_KEY: '' })).toEqual(
      expect.arrayContaining(Object.keys(cloudflare.bindings)),
    );
  });

  it.each([
    ['4.86', '20', ROOT],
    ['the newest', '22', join(folder, 'newest')],
  ] as const)(
    'Wrangler %s uploads a Worker that answers without any binding',
    async (_, version, project) => {
      const directory = join(folder, `upload-${version}`);
      const wrangler = join(project, 'node_modules/wrangler/bin/wrangler.js');
      const flags = ['deploy', '--dry-run', '--outdir', directory];
      await run(await installNode(folder, version), [wrangler, ...flags], { cwd: clone });
      const { assets } = parse(readFileSync(join(clone, 'wrangler.toml'), 'utf8')) as {
        assets: { directory: string; run_worker_first: string[] };
      };
      const own = { ...assets, directory: join(clone, assets.directory) };
      const options = await workerOptions({ directory, bytes: 0, gzipBytes: 0, assets: own });
      const logs: string[] = [];
      const miniflare = startMiniflare({
        ...options,
        ...{ r2Buckets: {}, ratelimits: {}, bindings: { API_KEY: KEY }, cf: false },
        ...{ queueProducers: {}, queueConsumers: {}, workflows: {} },
        handleStructuredLogs: ({ message }: { message: string }) => {
          logs.push(message);
        },
      });
      try {
        const url = await miniflare.ready;
        expect(await (await fetchFresh(new URL('/health', url))).json()).toMatchObject({ status: 'ok' });
        const page = await fetch(url, { headers: { Accept: 'text/html' } });
        expect(new URL(page.url).pathname).toBe('/playground/');
        expect(await page.text()).toContain('<title>');
        const encode = (headers: Record<string, string>) =>
          fetchFresh(new URL('/v1/models/digits/encode', url), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', ...headers },
            body: JSON.stringify({ rows: [new Array(784).fill(0.5)] }),
          });
        expect((await encode({})).status).toBe(401);
        const answer = await (await encode({ Authorization: `Bearer ${KEY}` })).json();
        expect(answer).toMatchObject({ codes: [expect.any(Array)] });
        const off = logs.filter((line) =>
          line.includes('without MODELS, only the bundled models are served'),
        );
        expect(off).toHaveLength(1);
        for (const name of ['RATE_LIMITER', 'ANALYTICS', 'JOBS_BUCKET', 'ROWS'])
          expect(off[0]).toContain(`without ${name}, `);
      } finally {
        await miniflare.dispose();
      }
    },
  );
});
