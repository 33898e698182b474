/** The demo, and the commands and snippets of the pages about it and about serving. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestsOf } from '../../scripts/measure/docs/answers.ts';
import { ROOT, type Running, start } from '../support/commands/cli.ts';
import {
  type Check,
  DOCUMENTED_URL,
  newReader,
  PAGES,
  testCommands,
  testSnippets,
} from '../support/commands/docs.ts';
import { writeKeys } from '../support/commands/project.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const reader = newReader();
const { folder, sh, finishes } = reader;

/** Runs what asks a Worker of its own, with keys in `.dev.vars`, which are for clients alone. */
async function keyed(work: () => Promise<void>): Promise<void> {
  writeKeys(folder);
  await work().finally(() => rmSync(join(folder, '.dev.vars')));
}

let demo: Running;
let url: string;

beforeAll(async () => {
  await keyed(async () => {
    demo = start('demo', ['--port', '0'], folder);
    const output = await demo.saw('press Ctrl-C to stop');
    url = /^serving digits and digits-vae at (http:\S+), without keys, for instance:$/m.exec(output)![1]!;
  });
});

afterAll(() => {
  demo.process.kill('SIGKILL');
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
      /│ parity with WASM +│ \d(\.\d)?e-\d of the largest value, on 500 rows +│/,
      /│ upload +│ [\d,]+ KiB gzip \([\d,]+ KiB\) +│/,
      /│ cold first encode +│ \d+ ms +│/,
      /│ warm encode, p50 +│ [\d.]+ ms over HTTP +│/,
      /│ warm encode, p99 +│ [\d.]+ ms over HTTP +│/,
    ]) {
      expect(output).toMatch(row);
    }
  });

  it('beats PCA with as many components on the held-out digits', async () => {
    const response = await fetchFresh(new URL('/v1/models/digits', url));
    const { metrics, baselines } = (await response.json()) as {
      metrics: { mse: number };
      baselines: { pca: { mse: number } };
    };
    expect(metrics.mse).toBeLessThan(0.7 * baselines.pca.mse);
  });
});

const COMMANDS: Readonly<Record<string, Check>> = {
  'npm ci && npm run demo': async () => expect(inCi()).toContain('npm run demo -- --exit'),
  'npm ci && npm test': async () => expect(inCi()).toContain('(npm ci && npm test)'),
  'npm run check\nnpm test': async () => expect(inCi()).toContain('npm run check'),
  // The only one that is started as it is written in package.json, by `tsx`.
  'npm run docs': async (command) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const commands = readdirSync(join(ROOT, 'scripts')).filter((file) => file.endsWith('.ts'));
    // The package's own command runs the others.
    for (const name of commands.filter((file) => file !== 'latentedge.ts'))
      expect(scripts[name.replace('.ts', '')].split(' && ')).toContain(`node --import tsx scripts/${name}`);
    await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], { cwd: ROOT });
  },
  // The second line stores what the first says in an account.
  'npm run key -- --name web --scopes infer\nnpx wrangler secret put API_KEYS': async (command) => {
    const { stdout } = await sh(command.split('\n')[0]!);
    expect(stdout).toMatch(/"sha256":"[0-9a-f]{64}"/);
  },
  'npm run serve -- --port 8788': () =>
    serves(['--port', '8788'], async () => {
      expect((await fetch('http://127.0.0.1:8788/health')).status).toBe(200);
    }),
  'npm run deploy -- --dry-run\nnpm run deploy -- --check --plan free\nnpm run deploy -- --cost': async (
    command,
  ) => {
    const [dryRun, check, cost] = command.split('\n') as [string, string, string];
    await finishes(dryRun);
    await finishes(cost);
    // Whether the first request is fast enough for the free plan depends on the machine; the paid one is for all.
    await keyed(async () => {
      const { stdout } = await sh(`${check.replace('free', 'paid').replace('run ', 'run -s ')} --json`);
      expect(JSON.parse(stdout)).toMatchObject({ plan: 'paid', fits: true, exceeded: [] });
      const { figures } = JSON.parse(stdout) as { figures: Record<string, number> };
      for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
    });
  },
  'npm run freeze -- artifacts/digits': finishes,
};

function inCi(): string[] {
  return readFileSync(join(ROOT, '.ci/run'), 'utf8')
    .split('\n')
    .map((line) => line.trim());
}

/** Runs `npm run serve` with flags for as long as `use` takes. */
async function serves(flags: readonly string[], use: (address: string) => Promise<void>): Promise<void> {
  const serving = start('serve', flags, folder);
  const output = await serving.saw('press Ctrl-C to stop');
  try {
    await use(/http:\/\/[\d.]+:\d+\//.exec(output)![0]);
  } finally {
    serving.process.kill('SIGINT');
  }
  expect((await serving.finished).code).toBe(130);
}

/** What is left is the demo's model alone, which is frozen once for all commands that serve. */
function remove(model: string): void {
  rmSync(join(folder, 'artifacts', model), { recursive: true });
}

/** Sends a documented request to the Worker at an address. */
async function answerOf(command: string, address: string): Promise<string> {
  const { stdout } = await sh(
    command.replaceAll(DOCUMENTED_URL, address).replaceAll('curl ', 'curl -sS --fail-with-body '),
  );
  expect(stdout.trim()).not.toBe('');
  return stdout;
}

/** The ways to start that the README shows, and what it shows of each answer. */
const STARTS = requestsOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));

const startChecks = STARTS.flatMap(({ train, ask, model, answer }): [string, Check][] => [
  [train, finishes],
  [
    ask,
    async (command) => {
      // Nothing is frozen for a single request.
      await serves([`artifacts/${model}`, '--port', '0', '--runtime', 'stock'], async (address) => {
        expect(shapeOf(JSON.parse(await answerOf(command, address)))).toEqual(shapeOf(JSON.parse(answer)));
      });
      remove(model);
    },
  ],
]);

/** JSON with the type of each value in its place: figures differ between machines. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]));
}

const CHECKS: Readonly<Record<string, Check>> = { ...COMMANDS, ...Object.fromEntries(startChecks) };
const asksDemo: Check = async (command) => {
  await answerOf(command, url);
};

it('the README shows three ways to start', () => {
  expect(STARTS.map(({ model }) => model)).toEqual(['pumps', 'shop', 'customers']);
});

testCommands(
  PAGES.serving,
  (command) => CHECKS[command] ?? (command.includes('curl ') ? asksDemo : undefined),
);
testSnippets(PAGES.serving, reader, () => url);

it('the demo stops at Ctrl-C with exit code 0', async () => {
  demo.process.kill('SIGINT');
  const { code, stderr } = await demo.finished;
  expect([code, stderr]).toEqual([130, 'stopped by Ctrl-C (SIGINT)\n']);
});
