import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, type Running, start } from '../support/cli.ts';
import { realData } from '../support/data.ts';
import { retrainBench } from '../support/retrainRun.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/weather.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'training/README.md',
  'training/data/README.md',
  'training/preprocess/README.md',
  'edge/README.md',
  'edge/runtime/README.md',
  'scripts/retrain/README.md',
];
/** Where the docs say that the demo serves. */
const DOCUMENTED_URL = 'http://127.0.0.1:8787/';

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const fence = /^```(\w+)\n([\s\S]*?)^```$/gm;
  const matches = readFileSync(join(ROOT, page), 'utf8').matchAll(fence);
  return [...matches].map(([, language, text]) => ({ page, language: language!, text: text!.trim() }));
}

const blocks = PAGES.flatMap(blocksOf);
const commands = blocks.filter(({ language }) => language === 'sh');
const snippets = blocks.filter(({ language }) => language === 'ts');
const scratch = join(ROOT, 'artifacts', '.docs');

const sh = (command: string, env = process.env) =>
  promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], { cwd: ROOT, env });

let demo: Running;
let url: string;

beforeAll(async () => {
  demo = start('demo', ['--port', '0']);
  const output = await demo.saw('press Ctrl-C to stop');
  url = /^serving digits at (http:\S+), for instance:$/m.exec(output)![1]!;
  mkdirSync(scratch, { recursive: true });
});

afterAll(() => {
  demo.process.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

describe('npm run demo', () => {
  it('prints the loss per epoch, digits with their reconstructions, and the table', async () => {
    const output = await demo.saw('press Ctrl-C to stop');
    expect(output.match(/^epoch +\d+\/40 {2}loss 0\.\d{4} {2}validation 0\.\d{4}$/gm)).toHaveLength(40);
    const picture = output.split('\n').filter((line) => /[\u2801-\u28ff]/.test(line));
    expect(picture.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...picture.map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const row of [
      /│ test binary-cross-entropy +│ 0\.\d+ +│/,
      /│ test mse +│ 0\.0\d+ +│/,
      /│ test mse of PCA, 32 components +│ 0\.0\d+ +│/,
      /│ parity with WASM +│ \d(\.\d)?e-\d on 1000 rows +│/,
      /│ upload +│ [\d,]+ KiB gzip \([\d,]+ KiB\) +│/,
      /│ cold first encode +│ \d+ ms +│/,
      /│ warm encode, p50 +│ [\d.]+ ms over HTTP +│/,
      /│ warm encode, p99 +│ [\d.]+ ms over HTTP +│/,
    ]) {
      expect(output).toMatch(row);
    }
  });

  it('beats PCA with as many components on the held-out digits', async () => {
    const response = await fetch(new URL('/v1/models/digits', url));
    const { metrics, baselines } = (await response.json()) as {
      metrics: { mse: number };
      baselines: { pca: { mse: number } };
    };
    expect(metrics.mse).toBeLessThan(0.7 * baselines.pca.mse);
  });
});

/** Of these, an account would be needed for most. */
const FIRST_DEPLOYMENT = [
  'npx wrangler login',
  'npx wrangler r2 bucket create latentedge-models',
  'npm run train -- rain',
  'npm run deploy',
  'npm run key -- --name web --scopes infer',
  'npm run key -- --name retrain --scopes infer admin',
  'npx wrangler secret put API_KEYS',
];

const MOVIES = [
  'npm run train -- movies --data path/to/ml-latest-small',
  'npm run train -- movies --data orders.csv',
  `npm run train -- movies --data "SELECT customer, product FROM 'orders.parquet' WHERE quantity > 0"`,
];

/** Every command in the docs and how it is tested; one that is not here fails below. */
const COMMANDS: Readonly<Record<string, (command: string) => Promise<void>>> = {
  'npm ci && npm run demo': async () => expect(inCi()).toContain('npm ci && npm test'),
  'npm ci && npm test': async () => expect(inCi()).toContain('npm ci && npm test'),
  'npm run check\nnpm test': async () => expect(inCi()).toContain('npm run check'),
  'npm run train -- digits --set codeSize=16 epochs=5 --seed 7': finishes,
  'npm run train -- digits --engine tfjs --set epochs=1 hidden=[] codeSize=2 batchSize=2048': async (
    command,
  ) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/^engine: TensorFlow\.js \d+\.\d+\.\d+, (native|pure JavaScript) .*$/m);
  },
  'npm run evaluate -- artifacts/digits\nnpm run report -- artifacts/digits': finishes,
  'npm run train -- tabular --data "SELECT sin(i / 10) AS wave, i % 7 AS weekday, chr(65 + (i % 3)::INTEGER) AS line FROM range(500) AS r(i)"':
    finishes,
  // Its 400 epochs are for `npm run experiments`.
  'npm run train -- regression-features': (command) => finishes(`${command} --set epochs=2`),
  'npm run train -- tabular --data your.csv': async (command) => {
    const file = join(scratch, 'your.csv');
    const lines = Array.from(
      { length: 300 },
      (_, i) => `${Math.sin(i / 9)},${i % 5},${i % 3 ? 'north' : 'south'}`,
    );
    writeFileSync(file, ['wave,weekday,site', ...lines].join('\n'));
    await finishes(command.replace('your.csv', file));
  },
  [MOVIES.join('\n')]: async () => {
    const folder = join(scratch, 'ml-latest-small');
    mkdirSync(folder, { recursive: true });
    const [ratings, orders] = [join(folder, 'ratings.csv'), join(scratch, 'orders.csv')];
    // Of 60 people, each has 8 of 40 things.
    const pairs = Array.from({ length: 480 }, (_, i) => [i % 60, (7 * Math.floor(i / 60) + i) % 40]);
    const written = (...columns: string[]) => [
      columns.join(','),
      ...pairs.map((pair) => `${pair.join(',')},5`),
    ];
    writeFileSync(ratings, written('userId', 'movieId', 'rating').join('\n'));
    writeFileSync(join(folder, 'movies.csv'), 'movieId,title\n1,"One, The (1994)"\n2,Two (1995)\n');
    writeFileSync(orders, written('customer', 'product', 'quantity').join('\n'));
    for (const line of MOVIES) {
      const given = line.replace('path/to/ml-latest-small', folder).replace(/orders\.(csv|parquet)/, orders);
      await finishes(`${given} --set epochs=2`);
    }
  },
  'npm run train -- ecg --data path/to/ECG5000\nnpm run train -- ecg-forecast --data path/to/ECG5000': async (
    command,
  ) => {
    for (const line of command.split('\n'))
      await finishes(`${line.replace('path/to/ECG5000', realData('ecg5000'))} --set epochs=1`);
  },
  // What is done to an account is not tested.
  'npm run vectors -- artifacts/movies --to items.ndjson\nnpx wrangler vectorize create movies --dimensions=400 --metric=cosine\nnpx wrangler vectorize upsert movies --file=items.ndjson':
    async (command) => {
      const [vectors, create] = command.split('\n') as [string, string];
      const file = join(scratch, 'items.ndjson');
      const { stdout } = await sh(vectors.replace('items.ndjson', file));
      expect(stdout).toContain(create);
      expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(40);
    },
  'npm run deploy -- --dry-run\nnpm run deploy -- --check --plan free': async (command) => {
    const [dryRun, check] = command.split('\n') as [string, string];
    await finishes(dryRun);
    // Whether the first request is fast enough for the free plan depends on the machine; the paid one is for all.
    const { stdout } = await sh(`${check.replace('free', 'paid').replace('run ', 'run -s ')} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ plan: 'paid', fits: true, exceeded: [] });
    const { figures } = JSON.parse(stdout) as { figures: Record<string, number> };
    for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
  },
  'npm run train -- anomaly --data rows.csv': async (command) => {
    const file = join(scratch, 'rows.csv');
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${Math.sin(i / 9)},${Math.cos(i / 9)},${i % 40 ? 0.1 : 3},${i % 40 ? 0 : 1}`,
    );
    writeFileSync(file, ['east,north,height,y', ...lines].join('\n'));
    await finishes(command.replace('rows.csv', file));
  },
  'npm run freeze -- artifacts/digits': finishes,
  'npm run docs': finishes,
  // The second line stores what the first says in an account.
  'npm run key -- --name web --scopes infer\nnpx wrangler secret put API_KEYS': async (command) => {
    const { stdout } = await sh(command.split('\n')[0]!);
    expect(stdout).toMatch(/"sha256":"[0-9a-f]{64}"/);
  },
  // Its 30 epochs are for the nightly job; a champion may be there that had them.
  'npm run retrain -- rain --target local': (command) =>
    finishes(`${command} --gate mse:1 recorded:1 --set epochs=6`),
  'npm run deploy -- --status --target local\nnpm run deploy -- --history rain --target local\nnpm run deploy -- --rollback rain --target local':
    async (command) => {
      const [status, history, rollback] = command.split('\n') as [string, string, string];
      const { stdout } = await sh(status);
      expect(stdout).toMatch(/^rain: production [0-9a-f]{12}/m);
      expect((await sh(history)).stdout).toContain('promoted');
      if (/^rain: .*previous/m.test(stdout)) await finishes(rollback);
      else await expect(sh(rollback)).rejects.toThrow('neither a canary nor a version before');
    },
  // What is done to an account is tested with --dry-run, below and in test/e2e/retrainFaults.test.ts.
  [FIRST_DEPLOYMENT.join('\n')]: async () => {
    for (const line of FIRST_DEPLOYMENT.filter((each) => each.includes('npm run key')))
      expect((await sh(line)).stdout).toMatch(/"sha256":"[0-9a-f]{64}"/);
  },
  'npm run retrain -- rain --target cloudflare --release aliases --dry-run\nnpm run retrain -- rain --target cloudflare --release aliases':
    async (command) => {
      const bench = await retrainBench();
      try {
        for (const line of command.split('\n')) {
          const flags = `--data ${writeWeather(join(scratch, 'weather.csv'), weatherRows(1))} --set ${WEATHER_SETTINGS.join(' ')}`;
          const { stdout } = await sh(`${line} ${flags}`, bench.environment);
          expect(stdout).toMatch(/^rain@[0-9a-f]{12}: promoted$/m);
        }
      } finally {
        await bench.dispose();
      }
    },
  'npm run serve -- --port 8788': async () => {
    const serving = start('serve', ['--port', '8788']);
    await serving.saw('press Ctrl-C to stop');
    expect((await fetch('http://127.0.0.1:8788/health')).status).toBe(200);
    serving.process.kill('SIGINT');
    expect((await serving.finished).code).toBe(0);
  },
};

function inCi(): string[] {
  return readFileSync(join(ROOT, '.ci/run'), 'utf8').trim().split('\n');
}

async function finishes(command: string): Promise<void> {
  await sh(command);
}

describe.each(commands)('$page: $text', ({ text }) => {
  it('works as it stands', async () => {
    if (text.includes('curl ')) {
      const { stdout } = await sh(
        text.replaceAll(DOCUMENTED_URL, url).replaceAll('curl ', 'curl -sS --fail-with-body '),
      );
      expect(stdout.trim()).not.toBe('');
    } else {
      expect(Object.keys(COMMANDS)).toContain(text);
      await COMMANDS[text]!(text);
    }
  });
});

describe('snippets', () => {
  const fileOf = (index: number) => join(scratch, `snippet${index}.ts`);

  it('compile as they stand', async () => {
    for (const [index, { text }] of snippets.entries())
      writeFileSync(fileOf(index), text.replaceAll(DOCUMENTED_URL.slice(0, -1), url.slice(0, -1)));
    writeFileSync(
      join(scratch, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', include: ['snippet*.ts', '../../edge/**/*.d.ts'] }),
    );
    await sh(`node node_modules/typescript/lib/tsc.js --noEmit -p ${scratch}`);
  });

  it.each(snippets.map(({ page, text }, index) => [page, text, index] as const))(
    '%s: %s',
    async (_page, _text, index) => {
      const { stdout } = await sh(`node_modules/.bin/tsx ${fileOf(index)}`);
      expect(stdout.trim()).not.toBe('');
    },
  );
});

it('the demo stops at Ctrl-C with exit code 0', async () => {
  demo.process.kill('SIGINT');
  const { code, stderr } = await demo.finished;
  expect([code, stderr]).toEqual([0, '']);
});
