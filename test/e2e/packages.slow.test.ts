/** The packages as other people's projects use them: packed, installed into empty folders, type-checked and run. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../../scripts/package/buildPackages.ts';
import { VARIANTS } from '../../training/models/registry.ts';
import { blocksOf } from '../support/commands/docs.ts';
import { keptFolder } from '../support/data/data.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const folder = keptFolder();
const consumer = join(folder, 'consumer');
const tarballs: Record<string, string> = {};
let [library, client]: string[] = [];

/** npm as a user runs it; installing must need no script of any package. */
const npm = (cwd: string, ...args: string[]) => run('npm', [...args, '--no-audit', '--no-fund'], { cwd });

beforeAll(async () => {
  [library, client] = await buildPackages(join(folder, 'dist'));
  for (const each of [library!, client!]) {
    const { stdout } = await npm(each, 'pack', '--json', '--pack-destination', folder);
    const [{ name, filename }] = JSON.parse(stdout);
    tarballs[name] = join(folder, filename);
  }
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{"name": "consumer", "private": true, "type": "module"}');
  const packages = [...Object.values(tarballs), 'typescript@5.9', '@types/node@20'];
  await npm(consumer, 'install', '--ignore-scripts', ...packages);
}, 600_000);

describe.each(['latentedge', 'latentedge-client'])('%s', (name) => {
  it('has no problem that publint or "are the types wrong" knows', async () => {
    const { messages } = await publint({ pkgDir: name === 'latentedge' ? library! : client!, strict: true });
    expect(messages).toEqual([]);
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
    await run(process.execPath, [attw, tarballs[name]!, '--profile', 'esm-only']);
  });

  it('holds no tests, and runs nothing when it is installed', async () => {
    const root = join(consumer, 'node_modules', name);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(^|\/)test|\.test\./.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts).toBeUndefined();
  });
});

it('takes less than half of what this repository installs', () => {
  const bytes = (path: string): number =>
    readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
      const own = join(path, entry.name);
      return sum + (entry.isDirectory() ? bytes(own) : entry.isFile() ? statSync(own).size : 0);
    }, 0);
  expect(bytes(join(consumer, 'node_modules'))).toBeLessThan(700 * 1024 * 1024);
});

it('the client is declared in 30 KB, by its own types and those of hono', () => {
  const declarations = readFileSync(join(client!, 'index.d.ts'), 'utf8');
  expect(declarations.length).toBeLessThan(30_000);
  const imports = [...declarations.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
  expect(imports).toEqual(['hono', 'hono/client']);
});

it('an editor shows the default and the bounds of every setting of every variant', () => {
  const declarations = readFileSync(join(library!, 'training/settings.d.ts'), 'utf8');
  for (const name of Object.keys(VARIANTS)) expect(declarations).toContain(`readonly "${name}": {`);
  expect(declarations).toMatch(
    /Rows per step\.?\n\s+\* Default: 128\. Values: `integer`, 1 to 65,536\.\n[^;]*batchSize\?: number/,
  );
  const members = declarations.match(/^ +readonly \w+\?: /gm)!;
  expect(declarations.match(/\* Default: /g)).toHaveLength(members.length);
});

const PROGRAM = `
import { defineRecipe, fromRows, RECIPES, train } from 'latentedge';
import { add, defineVariant, dense, deterministic } from 'latentedge/extend';
import type { Manifest } from 'latentedge/manifest';
import { createClient } from 'latentedge/client';
import { createClient as createOwnClient } from 'latentedge-client';
import { latentedge, type LatentedgeService } from 'latentedge/edge';
import { Hono } from 'hono';
import * as z from 'zod';

const narrow = defineVariant({
  name: 'narrow',
  summary: 'one dense layer each way',
  config: z.strictObject({ codeSize: z.number().int().min(1).default(2) }),
  build: ({ codeSize }, features, seed) =>
    deterministic({
      codeSize,
      encoder: dense({ name: 'in', inputs: features, units: codeSize, activation: 'tanh', seed }).layer,
      decoder: dense({ name: 'out', inputs: codeSize, units: features, activation: 'linear', seed }).layer,
      loss: 'mse',
    }),
});
export const orders = defineRecipe({ ...RECIPES.anomaly, name: 'orders', why: 'orders' });
const rows = Array.from({ length: 300 }, (_, i) => Array.from({ length: 6 }, (_, s) => Math.sin((s + 1) * (i / 100 - 1))));
const { artifact } = await train({ name: 'own', variant: narrow, data: fromRows(rows), settings: { codeSize: 3, epochs: 2 } });
await train({ name: 'vae', variant: 'variational', data: fromRows(rows), settings: { codeSize: 2, hidden: [8], likelihood: 'gaussian', epochs: 1 } });
const manifest: Manifest = artifact.manifest;
console.log(manifest.variant, manifest.codeSize);

export async function call(url: string, rows: readonly number[][]): Promise<number[][]> {
  const client = createOwnClient(url);
  const response = await client.v1.models[':model'].encode.$post({ param: { model: 'own' }, json: { rows } });
  if (!response.ok) throw new Error((await response.json()).detail);
  return (await response.json()).codes;
}
export const mount = (models: Parameters<typeof latentedge>[0]['models']) => new Hono().route('/ml', latentedge({ models, auth: 'none' }));
export const other = (env: { LATENTEDGE: LatentedgeService }) => env.LATENTEDGE.encode('own', [[1, 2]]);
// @ts-expect-error: a setting of another variant
export const wrong = () => train({ name: 'x', data: fromRows(rows), settings: { likelihood: 'gaussian' } });
void [add, createClient];
`;

it('a strict NodeNext project compiles against it, libraries checked, and runs without tsx', async () => {
  const options = { module: 'NodeNext', target: 'ES2022', strict: true, skipLibCheck: false, outDir: 'out' };
  writeFileSync(join(consumer, 'program.ts'), PROGRAM);
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { ...options, types: ['node'], noUncheckedIndexedAccess: true },
      files: ['program.ts'],
    }),
  );
  // hono and zod are the project's own, too.
  await npm(consumer, 'install', '--ignore-scripts', 'hono', 'zod');
  const { stdout: errors } = await run(join(consumer, 'node_modules/.bin/tsc'), [], { cwd: consumer }).catch(
    (error) => error,
  );
  expect(errors).toBe('');
  const { stdout } = await run(process.execPath, ['out/program.js'], { cwd: consumer });
  expect(stdout).toBe('narrow 3\n');
});

it('the snippets of the page about projects compile, and its own variant is trained', async () => {
  const snippets = blocksOf('docs/your-project.md');
  const commands = snippets.filter(({ language }) => language === 'sh').map(({ text }) => text);
  // The last test runs them.
  expect(commands).toEqual(['npx latentedge init my-orders', 'npm install\nnpm run train\nnpm run dev']);
  const files = snippets
    .filter(({ language }) => language === 'ts')
    .map(({ text }, i) => [`snippet${i}.ts`, text] as const);
  for (const [file, text] of files) writeFileSync(join(consumer, file), text);
  const tsc = join(consumer, 'node_modules/.bin/tsc');
  const flags = [
    '--module',
    'NodeNext',
    '--target',
    'ES2022',
    '--strict',
    '--types',
    'node',
    '--outDir',
    'out',
  ];
  const { stdout: errors } = await run(tsc, [...flags, ...files.map(([file]) => file)], {
    cwd: consumer,
  }).catch((error) => error);
  expect(errors).toBe('');
  const { stdout } = await run(process.execPath, ['out/snippet1.js'], { cwd: consumer });
  const [variant, error] = stdout.trim().split(' ');
  expect(variant).toBe('gated-residual');
  // The variance of a sine is 0.5: the model has learnt most of it in its few epochs.
  expect(Number(error)).toBeLessThan(0.25);
});

it('a browser project bundles the client', async () => {
  const web = join(consumer, 'web');
  mkdirSync(web);
  writeFileSync(join(web, 'index.html'), '<script type="module" src="main.js"></script>');
  writeFileSync(
    join(web, 'main.js'),
    "import { createClient } from 'latentedge-client';\ndocument.title = String(createClient('/').v1.models.$url());",
  );
  await build({ root: web, logLevel: 'silent', configFile: false });
  const [script] = readdirSync(join(web, 'dist/assets'));
  expect(statSync(join(web, 'dist/assets', script!)).size).toBeLessThan(20_000);
});

it('a command without the package that it needs names it, and the command that installs it', async () => {
  writeFileSync(join(consumer, 'wrangler.toml'), 'name = "x"\n');
  const bin = join(consumer, 'node_modules/.bin/latentedge');
  const failed = await run(bin, ['deploy', '--check', 'artifacts/own'], { cwd: consumer }).catch(
    (error) => error,
  );
  expect(failed.stderr).toMatch(/needs the package wrangler: npm install --save-dev wrangler\n$/);
  expect(failed.code).toBe(2);
  const unknown = await run(bin, ['trian'], { cwd: consumer }).catch((error) => error);
  expect(unknown.stderr).toContain("did you mean 'train'?");
});

it('init writes a project that trains, serves and answers', { timeout: 600_000 }, async () => {
  const project = join(folder, 'my-orders');
  await run(join(consumer, 'node_modules/.bin/latentedge'), ['init', project]);
  await npm(project, 'pkg', 'set', `dependencies.latentedge=file:${tarballs.latentedge}`);
  await npm(project, 'install');
  await run(join(project, 'node_modules/.bin/tsc'), [], { cwd: project });
  const { stdout } = await npm(project, 'run', 'train');
  expect(stdout).toMatch(/^artifact: artifacts\/orders\/[0-9a-f]{12}$/m);
  const bin = join(project, 'node_modules/latentedge/bin/latentedge.js');
  const server = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], { cwd: project });
  try {
    const { url } = JSON.parse(await firstLine(server));
    const usual = { amount: 38.5, items: 2, shipping: 4.9, hour: 14, country: 'NL' };
    const rows = [usual, { ...usual, amount: 900, shipping: 0, hour: 3 }];
    const response = await fetch(new URL('/v1/models/orders/score', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows }),
    });
    const { scores } = (await response.json()) as { scores: { isAnomaly: boolean }[] };
    expect(scores.map(({ isAnomaly }) => isAnomaly)).toEqual([false, true]);
  } finally {
    const exit = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.kill('SIGINT')) await exit;
  }
});

/** The first line that a process prints on stdout. @throws {Error} with what it printed if it ends before. */
function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [output, errors] = ['', ''];
    server.stdout!.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('\n')) resolve(output.split('\n', 1)[0]!);
    });
    server.stderr!.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    server.once('close', () => reject(new Error(`ended without a line:\n${output}${errors}`)));
  });
}
