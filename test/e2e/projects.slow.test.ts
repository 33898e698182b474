/** Projects of others: what `init` writes, and what it adds to a Worker that there is, with nothing but the packed packages. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  packed = await packPackages(folder);
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

describe('a new project', () => {
  const project = join(folder, 'my-orders');

  beforeAll(async () => {
    const empty = join(folder, 'empty');
    writeProject(empty, { 'package.json': { private: true } });
    await npm(empty, 'install', packed.latentedge.tarball);
    await bin(empty, 'latentedge', 'init', project);
    await npm(project, 'pkg', 'set', `dependencies.latentedge=file:${packed.latentedge.tarball}`);
    await npm(project, 'install');
    // To call it with; the project has no use for it by itself.
    await npm(project, 'install', '--no-save', packed['latentedge-client'].tarball);
  });

  it('is what the page about projects says', () => {
    const commands = blocksOf('docs/your-project.md').filter(({ language }) => language === 'sh');
    expect(commands.map(({ text }) => text)).toEqual([
      'npx latentedge init my-orders',
      'npm install\nnpm run train\nnpm run dev',
    ]);
  });

  it('type-checks', async () => {
    await bin(project, 'tsc');
  });

  it.each(NODE_VERSIONS)('trains, serves and answers the typed client on Node %s', async (version) => {
    const node = await installNode(folder, version);
    const cli = join(project, 'node_modules/latentedge/bin/latentedge.js');
    const { stdout } = await run(node, [cli, 'train', 'orders'], project);
    expect(stdout).toMatch(/^artifact: artifacts\/orders\/[0-9a-f]{12}$/m);
    const server = await serveProject(project, node);
    try {
      writeProject(project, { 'call.mjs': CALL });
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

/** What the page about embedding says to do, on packages that are not published, with the Wrangler of the Node that runs this. */
const [ADD, SERVE, BUNDLE] = blocksOf('docs/embedding.md')
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text);

/** The commands that `init --into` prints. */
const installing = (printed: string) =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('  npm install '))
    .join('\n');

/** Workers, and how their owner adds latentedge. */
const WORKERS: readonly [name: string, worker: WorkerProject, add: (project: string) => Promise<unknown>][] =
  [
    [
      'a Hono Worker, by the page',
      HONO_WORKER,
      (project) => sh(project, ADD!.replace(' wrangler ', ' wrangler@4.86.0 ')),
    ],
    [
      'a plain Worker, by what init prints',
      PLAIN_WORKER,
      async (project) => {
        await sh(project, 'npm install latentedge');
        const { stdout } = await sh(project, 'npx latentedge init --into .');
        await sh(project, installing(stdout));
        await sh(project, 'npx latentedge train orders');
      },
    ],
  ];

describe.each(WORKERS)('%s', (_, worker, add) => {
  const project = join(folder, worker.entry);

  beforeAll(async () => {
    writeProject(project, worker.before);
    await sh(project, 'npm install');
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

  it('stays as it is if it is added again', async () => {
    const config = Object.keys(worker.before).find((file) => file.startsWith('wrangler'))!;
    const before = readFileSync(join(project, config), 'utf8');
    await bin(project, 'latentedge', 'init', '--into', '.');
    expect(readFileSync(join(project, config), 'utf8')).toBe(before);
  });
});
