/** Projects of others: what `init` writes, and what it adds to a Worker that there is, with nothing but the packed packages. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocksOf } from '../support/commands/docs.ts';
import { keptFolder } from '../support/data/data.ts';
import { installNode, NODE_VERSIONS } from '../support/packages/nodes.ts';
import {
  npm,
  type PackageName,
  type Packed,
  packPackages,
  USER_ENVIRONMENT,
  writeProject,
} from '../support/packages/packed.ts';
import { serveProject } from '../support/packages/serving.ts';
import { HONO_WORKER, PLAIN_WORKER, type WorkerProject } from '../support/packages/workers.ts';

const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, env: USER_ENVIRONMENT });
const folder = keptFolder();
let packed: Record<PackageName, Packed>;

beforeAll(async () => {
  packed = await packPackages();
});

const usual = { amount: 38.5, items: 2, shipping: 4.9, hour: 14, country: 'NL' };
const unusual = { ...usual, amount: 900, shipping: 0, hour: 3 };

/** Runs lines of a page in a project; the packages are not published. */
const sh = (project: string, lines: string) =>
  run(
    'bash',
    ['-euo', 'pipefail', '-c', lines.replace(/install latentedge$/m, `install ${packed.latentedge.tarball}`)],
    project,
  );

/** Runs a command of a project's own packages. */
const bin = (project: string, name: string, ...args: string[]) =>
  run(join(project, 'node_modules/.bin', name), args, project);

async function scoresAt(url: string | URL): Promise<boolean[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ rows: [usual, unusual] }),
  });
  expect(response.status).toBe(200);
  const { scores } = (await response.json()) as { scores: { isAnomaly: boolean }[] };
  return scores.map(({ isAnomaly }) => isAnomaly);
}

/** What the page about embedding says to do, on packages that are not published, with the Wrangler of the Node that runs this. */
const [ADD, SERVE, BUNDLE] = blocksOf('docs/embedding.md')
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text);

const projectOf = ({ entry }: WorkerProject) => join(folder, entry);

/** By every command of the page. */
async function addByPage(project: string): Promise<void> {
  await sh(project, 'npm install');
  await sh(project, ADD!.replace(/ wrangler$/m, ' wrangler@4.86.0'));
}

/** By what `init` prints, with the packages and the model of the other Worker: both would be the same once more. */
async function addByInit(project: string): Promise<void> {
  const other = projectOf(HONO_WORKER);
  symlinkSync(join(other, 'node_modules'), join(project, 'node_modules'));
  const { stdout } = await sh(project, 'npx latentedge init --into .');
  const printed = [...stdout.matchAll(/^ {2}(np[mx] .*)$/gm)].map(([, command]) => command);
  // Wrangler is there already.
  const ofPage = ADD!.split('\n').filter((command) => !/--into|--save-dev/.test(command));
  expect(printed).toEqual([...ofPage, SERVE]);
  for (const file of ['models.ts', 'orders.csv'])
    expect(readFileSync(join(project, file))).toEqual(readFileSync(join(other, file)));
  cpSync(join(other, 'artifacts'), join(project, 'artifacts'), { recursive: true });
}

describe.each([
  ['a Hono Worker, by the page', HONO_WORKER, addByPage],
  ['a plain Worker, by what init prints', PLAIN_WORKER, addByInit],
] as const)('%s', (_, worker, add) => {
  const project = projectOf(worker);

  beforeAll(async () => {
    writeProject(project, worker.before);
    await add(project);
    writeProject(project, { [`src/${worker.entry}.ts`]: worker.changed });
  });

  it('keeps what it had', () => {
    for (const [file, texts] of Object.entries(worker.keeps)) {
      const text = readFileSync(join(project, file), 'utf8');
      for (const each of texts) expect(text).toContain(each);
    }
  });

  it('type-checks, with the libraries', async () => {
    await bin(project, 'tsc', '--noEmit');
  });

  it('answers on its own address and below the mounted one', async () => {
    const server = await serveProject(project);
    try {
      expect(await (await fetch(server.url)).text()).toBe('my own page');
      expect(await scoresAt(new URL(worker.score, server.url))).toEqual([false, true]);
    } finally {
      await server.stop();
    }
  });

  it('is built by wrangler itself, once its models are bundled', async () => {
    expect([SERVE, BUNDLE]).toEqual(['npx latentedge serve', 'npx latentedge deploy --dry-run']);
    await sh(project, BUNDLE!);
    await bin(project, 'wrangler', 'deploy', '--dry-run', '--outdir', 'upload');
    expect(readFileSync(join(project, `upload/${worker.entry}.js`), 'utf8')).toContain('my own page');
  });

  const { mount } = worker;
  if (mount !== undefined) {
    it('is measured at the path of its API', async () => {
      const { stderr, code } = await bin(project, 'latentedge', 'deploy', '--check').catch((error) => error);
      expect([code, stderr]).toEqual([2, expect.stringContaining('--mount /ml')]);
      const check = ['deploy', '--check', '--mount', mount, '--json'];
      const { stdout } = await bin(project, 'latentedge', ...check);
      expect(JSON.parse(stdout)).toMatchObject({ fits: true, figures: { request: expect.any(Number) } });
    });
  }

  it('stays as it is if it is added again', async () => {
    const config = Object.keys(worker.before).find((file) => file.startsWith('wrangler'))!;
    const before = readFileSync(join(project, config), 'utf8');
    await bin(project, 'latentedge', 'init', '--into', '.');
    expect(readFileSync(join(project, config), 'utf8')).toBe(before);
  });
});

describe('a new project', () => {
  const project = join(folder, 'my-orders');
  const [INIT, START] = blocksOf('docs/your-project.md')
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text);

  beforeAll(async () => {
    expect(INIT).toBe('npx latentedge init my-orders');
    await bin(projectOf(HONO_WORKER), 'latentedge', 'init', project);
    await npm(project, 'pkg', 'set', `dependencies.latentedge=file:${packed.latentedge.tarball}`);
    // npm takes from these what the project needs, and removes the rest; only the client is for this test alone.
    await run('cp', ['-al', join(projectOf(HONO_WORKER), 'node_modules'), project], folder);
    await npm(project, 'install');
    await npm(project, 'install', '--no-save', packed['latentedge-client'].tarball);
    writeProject(project, { 'call.mjs': CALL });
    // The model will be the same, and freezing is not what is tested here.
    const frozen = join('artifacts', 'frozen');
    cpSync(join(projectOf(HONO_WORKER), frozen), join(project, frozen), { recursive: true });
  });

  it('type-checks, and trains what the page about projects says', async () => {
    await bin(project, 'tsc');
    expect(START).toBe('npm install\nnpm run train\nnpm run dev');
    const { stdout } = await npm(project, 'run', 'train');
    expect(stdout).toMatch(/^artifact: artifacts\/orders\/[0-9a-f]{12}$/m);
  });

  it('has every command, flag and path that its AGENTS.md names', async () => {
    const text = readFileSync(join(project, 'AGENTS.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `npx latentedge (\w+).*$/gm)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [row, command] of rows) {
      const { stdout } = await bin(project, 'latentedge', command!, '--help');
      for (const flag of row.match(/--[a-z-]+/g) ?? []) expect(stdout).toContain(flag);
    }
    const paths = [...text.matchAll(/`([\w./-]+\/[\w./-]*|[\w-]+\.(?:ts|toml|csv|txt))`/g)].map(
      ([, path]) => path!,
    );
    // Paths of URLs and names of modules look alike.
    const isThere = (path: string) => existsSync(join(project, path)) || /^(\/|latentedge\/)/.test(path);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
    const first = [
      '--data',
      'orders.csv',
      '--name',
      'other',
      '--out',
      'others',
      '--force',
      '--set',
      'epochs=1',
      '--json',
    ];
    const { stdout } = await bin(project, 'latentedge', 'train', 'anomaly', ...first);
    expect(JSON.parse(stdout).artifact).toMatch(/^others\/other\//);
  });

  it.each(NODE_VERSIONS)('serves the model, and answers the typed client, on Node %s', async (version) => {
    const node = await installNode(folder, version);
    const server = await serveProject(project, node);
    try {
      const { stdout: answer } = await run(node, ['call.mjs', server.url], project);
      expect(JSON.parse(answer)).toEqual([false, true]);
    } finally {
      await server.stop();
    }
  });
});

const CALL = `
import { createClient } from 'latentedge-client';
const client = createClient(process.argv[2]);
const rows = ${JSON.stringify([usual, unusual])};
const response = await client.v1.models[':model'].score.$post({ param: { model: 'orders' }, json: { rows } });
if (!response.ok) throw new Error((await response.json()).detail);
const { scores } = await response.json();
console.log(JSON.stringify(scores.map(({ isAnomaly }) => isAnomaly)));
`;
