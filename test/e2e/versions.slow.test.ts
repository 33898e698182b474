/** Releases of bundled models, of an environment of wrangler.toml, against Cloudflare's API as wrangler uses it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelBucket } from '../../scripts/store/bucket.ts';
import { publishArtifact } from '../../scripts/store/publish.ts';
import { serveS3 } from '../../scripts/store/s3Server.ts';
import { openBucket } from '../../scripts/worker/localBuckets.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { type Finished, ROOT, start, withoutProgress } from '../support/commands/cli.ts';
import { type Binding, type CloudflareApi, cloudflareApi } from '../support/commands/cloudflareApi.ts';
import { keptFolder } from '../support/data/data.ts';

const WORKER = 'test-worker';

let folder: string;
let closeBucket: () => Promise<void>;
let bucket: ModelBucket;
let closeStore: () => Promise<void>;
let api: CloudflareApi;
let environment: NodeJS.ProcessEnv;
/** Bindings of a Worker that is built in this folder, with the record of its code. */
let own: readonly Binding[];

const [rain1, rain2] = [1, 2].map((scale) => storedArtifact({ name: 'rain', scale }));
const [wind1, wind2] = [3, 4].map((scale) => storedArtifact({ name: 'wind', scale }));
const versionOf = ({ manifest }: typeof rain1 & object) => manifest.version;

beforeAll(async () => {
  folder = keptFolder();
  const config = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')) as Record<string, unknown>;
  const aliases = Object.entries(config.alias as Record<string, string>).map(([name, path]) => [
    name,
    join(path.includes('artifacts') ? folder : ROOT, path),
  ]);
  writeFileSync(
    join(folder, 'wrangler.toml'),
    stringify({
      ...config,
      name: WORKER,
      main: join(ROOT, 'edge/index.ts'),
      alias: Object.fromEntries(aliases),
      env: {
        staging: {
          // Every model is loaded as it is: freezing takes most of a minute.
          vars: { ...(config.vars as object), RUNTIME: 'stock' },
          r2_buckets: [{ binding: 'MODELS', bucket_name: 'staged-models' }],
        },
      },
    }),
  );
  mkdirSync(join(folder, 'artifacts'));
  ({ bucket, close: closeBucket } = await openBucket({ r2Buckets: ['MODELS'] }));
  const store = await serveS3(bucket, 'key');
  closeStore = store.close;
  for (const each of [rain1, rain2, wind1, wind2]) await publishArtifact(bucket, each!);
  api = await cloudflareApi({
    compatibility_date: config.compatibility_date,
    compatibility_flags: config.compatibility_flags,
  });
  environment = {
    ...api.environment,
    ...{
      R2_ACCESS_KEY_ID: 'key',
      R2_SECRET_ACCESS_KEY: 'secret',
      R2_ENDPOINT: store.url.replace('/models', ''),
    },
  };
  // A first upload tells what this folder's code is.
  api.deployed([{ type: 'plain_text', name: 'BUNDLED', text: `code:unknown rain@${versionOf(rain1!)}` }]);
  await bucket.put('rain/deployed.json', JSON.stringify({ production: versionOf(rain1!) }));
  const { code, stderr } = await deploy('--promote', `rain@${versionOf(rain2!)}`, '--replace-code');
  expect([code, stderr]).toEqual([0, '']);
  own = [...api.versions.values()].at(-1)!.bindings;
});
afterAll(async () => {
  await api.close();
  await closeStore();
  await closeBucket();
});

beforeEach(async () => {
  api.beforeDeployment = () => undefined;
  api.versions.clear();
  api.deployments.length = 0;
  for (const [model, version] of [
    ['rain', versionOf(rain1!)],
    ['wind', versionOf(wind1!)],
  ] as const) {
    await bucket.put(`${model}/deployed.json`, JSON.stringify({ production: version }));
    for (const each of [rain1, rain2, wind1, wind2])
      await bucket.delete(`${model}/${versionOf(each!)}/worker.json`);
  }
});

async function deploy(...flags: string[]): Promise<Finished> {
  const own = ['--env', 'staging', '--target', 'cloudflare', '--release', 'versions'];
  const ended = await start('deploy', [...flags, ...own], folder, environment).finished;
  return { ...ended, stderr: withoutProgress(ended.stderr) };
}

/** The bindings of a Worker of this code with the models. */
function withModels(
  models: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>> = {},
) {
  const code = /code:\w+/.exec(own.find(({ name }) => name === 'BUNDLED')!.text!)![0];
  const versions = Object.entries(models).map(([name, version]) => `${name}@${version}`);
  const all: Readonly<Record<string, string>> = { BUNDLED: [code, ...versions.sort()].join(' '), ...changes };
  return own.map((each) => (all[each.name] === undefined ? each : { ...each, text: all[each.name]! }));
}

/** What answers all requests now. */
function deployed() {
  const [[id, percentage]] = Object.entries(api.deployments.at(-1)!) as [[string, number]];
  expect(percentage).toBe(100);
  const { bindings, secrets } = api.versions.get(id)!;
  const [code, ...models] = bindings.find(({ name }) => name === 'BUNDLED')!.text!.split(' ');
  return { id, code, models, secrets };
}

it('an environment has a Worker and a bucket of its own', async () => {
  expect([...api.workers]).toEqual([`${WORKER}-staging`]);
  const stranger = { ...environment, R2_ACCESS_KEY_ID: 'wrong' };
  const list = ['list', '--env', 'staging', '--target', 'cloudflare', '--release', 'aliases'];
  const refused = await start('models', list, folder, stranger).finished;
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('/staged-models?')]);
  const status = await start('deploy', ['--status', '--env', 'production'], folder, environment).finished;
  expect([status.code, status.stderr]).toEqual([
    2,
    expect.stringMatching(/wrangler\.toml: expected the environment 'production' .* found one of staging/),
  ]);
});

const both = (rain: string, wind: string) => [`rain@${rain}`, `wind@${wind}`];

describe('a Worker with two models', () => {
  it('keeps the other model, code and secrets of the deployment in force', async () => {
    const old = api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind1!) }));
    await bucket.put(`rain/${versionOf(rain1!)}/worker.json`, JSON.stringify({ id: old }));
    // Since rain was published: another version of the other model, and a secret.
    api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind2!) }));
    api.putSecret('API_KEYS', 'second');
    const { code, stderr } = await deploy('--promote', `rain@${versionOf(rain2!)}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(deployed()).toMatchObject({
      models: both(versionOf(rain2!), versionOf(wind2!)),
      secrets: { API_KEYS: 'second' },
    });

    // A rollback does not return to the Worker that had the former version, but changes the model back.
    const rollback = await deploy('--rollback', 'rain');
    expect([rollback.code, rollback.stderr]).toEqual([0, '']);
    expect(deployed()).toMatchObject({
      models: both(versionOf(rain1!), versionOf(wind2!)),
      secrets: { API_KEYS: 'second' },
    });
  });

  it('returns to a former version of the Worker at once if only this model has changed', async () => {
    const old = api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind1!) }));
    await bucket.put(`rain/${versionOf(rain1!)}/worker.json`, JSON.stringify({ id: old }));
    api.deployed(withModels({ rain: versionOf(rain2!), wind: versionOf(wind1!) }));
    await bucket.put(
      'rain/deployed.json',
      JSON.stringify({ production: versionOf(rain2!), previous: versionOf(rain1!) }),
    );
    const uploads = api.versions.size;
    expect(await deploy('--rollback', 'rain')).toMatchObject({ code: 0, stderr: '' });
    expect([deployed().id, api.versions.size]).toEqual([old, uploads]);
  });

  it('builds again if a secret has changed since (code 10220)', async () => {
    const old = api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind1!) }));
    await bucket.put(`rain/${versionOf(rain1!)}/worker.json`, JSON.stringify({ id: old }));
    api.deployed(withModels({ rain: versionOf(rain2!), wind: versionOf(wind1!) }));
    api.putSecret('API_KEYS', 'second');
    await bucket.put(
      'rain/deployed.json',
      JSON.stringify({ production: versionOf(rain2!), previous: versionOf(rain1!) }),
    );
    expect(await deploy('--rollback', 'rain')).toMatchObject({ code: 0, stderr: '' });
    expect(deployed()).toMatchObject({
      models: both(versionOf(rain1!), versionOf(wind1!)),
      secrets: { API_KEYS: 'second' },
    });
  });

  it.each([
    [
      'code',
      { BUNDLED: `code:000000000000 rain@${versionOf(rain1!)} wind@${versionOf(wind1!)}` },
      'other code',
    ],
    ['settings', { MAX_ROWS: '7' }, 'MAX_ROWS'],
  ])('does not take %s back that were deployed in between', async (_, changes, named) => {
    const id = api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind1!) }, changes));
    const { code, stderr } = await deploy('--promote', `rain@${versionOf(rain2!)}`);
    expect([code, stderr]).toEqual([3, expect.stringContaining(named)]);
    expect(stderr).toContain('--replace-code');
    expect(deployed().id).toBe(id);
    expect(JSON.parse(await textOf('rain/deployed.json'))).toEqual({ production: versionOf(rain1!) });
  });

  it('puts back what somebody deploys at the same moment', async () => {
    api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind1!) }));
    let theirs: string | undefined;
    api.beforeDeployment = () => {
      theirs ??= api.deployed(withModels({ rain: versionOf(rain1!), wind: versionOf(wind2!) }));
    };
    const { code, stderr } = await deploy('--promote', `rain@${versionOf(rain2!)}`);
    expect([code, stderr]).toEqual([3, expect.stringContaining('changed by someone else')]);
    expect(deployed().id).toBe(theirs);
    expect(JSON.parse(await textOf('rain/deployed.json'))).toEqual({ production: versionOf(rain1!) });
  });
});

async function textOf(key: string): Promise<string> {
  return new TextDecoder().decode(await (await bucket.get(key))!.arrayBuffer());
}
