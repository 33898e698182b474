/** From production back to training: a month of rows after the machines have changed, with labels that come late. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { type Running, runScript, start } from '../support/commands/cli.ts';
import { newReader } from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const { folder } = newReader();
const MODEL = 'machines';
const JSON_HEADERS = { 'Content-Type': 'application/json' };
/** Rows that clients send, in requests of `BATCH`. */
const ROWS = 900;
const BATCH = 45;

interface Machine {
  readonly load: number;
  readonly flow: number;
  readonly pressure: number;
  readonly operator: string;
  readonly faulty: boolean;
}

/** Rows of machines; after the change, more flow is normal at the same load. */
function machines(count: number, seed: number, hasChanged: boolean): Machine[] {
  const source = random(seed, 'machines');
  const noise = () => source.uniform() + source.uniform() + source.uniform() - 1.5;
  return Array.from({ length: count }, () => {
    const load = 10 * source.uniform();
    const faulty = source.uniform() < 0.08;
    const operator = `operator-${Math.floor(5 * source.uniform())}`;
    const usual = 10 * load + (hasChanged ? 35 : 0) + 2 * noise();
    return {
      ...{ load, operator, faulty },
      flow: faulty ? 10 * load + 70 + 8 * noise() : usual,
      pressure: 5 + 2 * load + 0.5 * noise() - (faulty ? 4 : 0),
    };
  });
}

const featuresOf = ({ faulty: _, ...features }: Machine) => features;

let serving: Running;
let url: string;

const ask = async (path: string, body: object) => {
  const response = await fetchFresh(new URL(path, url), {
    method: 'POST',
    headers: JSON_HEADERS,
    body: JSON.stringify(body),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return response;
};

const retrain = (...flags: string[]) =>
  runScript(
    'retrain',
    [
      ...['anomaly', '--name', MODEL, '--data', 'base.csv', '--target', 'local', '--threads', '1'],
      ...['--label', 'faulty', '--ignore', 'operator', ...flags],
    ],
    folder,
  );

const production = async () => {
  const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  return JSON.parse(stdout).models[0].aliases.production as string;
};

/** The share of a version's alarms that are right, and the share of the broken machines that it finds. */
async function alarmsOf(version: string, rows: readonly Machine[]) {
  const response = await ask(`/v1/models/${MODEL}@${version}/score`, { rows: rows.map(featuresOf) });
  const { scores } = (await response.json()) as { scores: readonly { readonly isAnomaly: boolean }[] };
  const alarms = rows.filter((_, i) => scores[i]!.isAnomaly);
  const right = alarms.filter(({ faulty }) => faulty).length;
  return {
    precision: right / alarms.length,
    recall: right / rows.filter(({ faulty }) => faulty).length,
  };
}

beforeAll(async () => {
  const base = machines(1500, 1, false).map((row) => Object.values({ ...row, faulty: Number(row.faulty) }));
  const header = 'load,operator,faulty,flow,pressure';
  writeFileSync(join(folder, 'base.csv'), `${[header, ...base.map((row) => row.join(','))].join('\n')}\n`);
  const toml = readFileSync(join(folder, 'wrangler.toml'), 'utf8');
  rmSync(join(folder, 'wrangler.toml'));
  const vars = `[vars]\nLOG_ROWS = { ${MODEL} = { share = 1, leaveOut = ["operator"] } }`;
  writeFileSync(join(folder, 'wrangler.toml'), toml.replace('[vars]', vars));
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  serving = start('serve', ['--port', '0', '--runtime', 'stock'], folder);
  url = /http:\/\/[\d.]+:\d+\//.exec(await serving.saw('press Ctrl-C to stop'))![0];
});

afterAll(() => {
  serving.process.kill('SIGKILL');
});

it('a month of changed rows with late labels leads to a better version in production', async () => {
  const first = await retrain();
  expect([first.code, first.stderr]).toEqual([0, '']);
  const champion = await production();

  const nothing = await retrain('--from-production', '30d');
  expect([nothing.code, nothing.stderr]).toEqual([
    2,
    expect.stringContaining('expected logged rows of machines'),
  ]);

  const month = machines(ROWS, 2, true);
  const ids: string[] = [];
  for (let i = 0; i < ROWS; i += BATCH) {
    const rows = month.slice(i, i + BATCH).map(featuresOf);
    const response = await ask(`/v1/models/${MODEL}/score`, { rows });
    await response.text();
    ids.push(response.headers.get('X-Request-Id')!);
  }
  for (const [request, request_id] of ids.entries()) {
    const own = month.slice(request * BATCH, (request + 1) * BATCH);
    await ask(
      '/v1/feedback',
      own.map(({ faulty }, row) => ({ request_id, row, label: faulty })),
    );
  }
  const list = async () => {
    const { stdout } = await runScript('rows', ['list', '--json'], folder);
    return JSON.parse(stdout).logged as { model: string | null }[];
  };
  await expect.poll(async () => (await list()).map(({ model }) => model)).toEqual([MODEL, null]);

  const run = await retrain(
    '--from-production',
    '30d',
    '--accept',
    'familiar',
    'halves',
    'explained',
    'contradicted',
    'noise',
    'gaps',
  );
  expect(run.stdout).toContain(
    `production: 900 rows of 30 days (900 by ${champion}); 900 with a label (column faulty)`,
  );
  expect(run.stdout).toMatch(/gate champion +passed +roc-auc .*the labels decide/);
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(existsSync(join(folder, 'artifacts/.production/machines.csv'))).toBe(false);

  const challenger = await production();
  expect(challenger).not.toBe(champion);
  const fresh = machines(1000, 3, true);
  const [before, after] = [await alarmsOf(champion, fresh), await alarmsOf(challenger, fresh)];
  expect(after.precision).toBeGreaterThan(before.precision + 0.3);
  expect(after.recall).toBeGreaterThan(0.6);
});
