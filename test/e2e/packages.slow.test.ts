/** The packages as other people's projects use them: packed, installed into empty folders, type-checked and run. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { ordersCsv } from '../../scripts/init/orders.ts';
import { VARIANTS } from '../../training/models/registry.ts';
import { blocksOf } from '../support/commands/docs.ts';
import { keptFolder } from '../support/data/data.ts';
import { FIXTURES_FOLDER } from '../support/graphs/fixtures.ts';
import { installNode, NODE_VERSIONS } from '../support/packages/nodes.ts';
import {
  npm,
  type PackageName,
  type Packed,
  packPackages,
  writeProject,
} from '../support/packages/packed.ts';
import { PROGRAM, PROGRAM_OUTPUT } from '../support/packages/program.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const folder = keptFolder();
const consumer = join(folder, 'consumer');
const STRICT = {
  ...{ module: 'NodeNext', target: 'ES2022', strict: true, noUncheckedIndexedAccess: true },
  ...{ skipLibCheck: false, types: ['node'], outDir: 'out' },
};
let packed: Record<PackageName, Packed>;

beforeAll(async () => {
  packed = await packPackages();
  writeProject(consumer, { 'package.json': { name: 'consumer', private: true, type: 'module' } });
  const tarballs = Object.values(packed).map(({ tarball }) => tarball);
  // hono and zod are the project's own, too.
  await npm(
    consumer,
    'install',

    ...tarballs,
    'typescript@5.9',
    '@types/node@20',
    'hono',
    'zod',
  );
});

/** Compiles a file of the project, and returns what the compiler has to say. */
async function compile(...files: string[]): Promise<string> {
  writeProject(consumer, { 'tsconfig.json': { compilerOptions: STRICT, files } });
  const compiler = join(consumer, 'node_modules/.bin/tsc');
  return run(compiler, [], { cwd: consumer }).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

describe.each(['latentedge', 'latentedge-client'] as const)('%s', (name) => {
  it('has no problem that publint or "are the types wrong" knows', async () => {
    const { messages } = await publint({ pkgDir: packed[name].folder, strict: true });
    expect(messages).toEqual([]);
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
    await run(process.execPath, [attw, packed[name].tarball, '--profile', 'esm-only']);
  });

  it('holds no tests, and runs nothing when it is installed', async () => {
    const root = join(consumer, 'node_modules', name);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(^|\/)test|\.test\./.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    if (name === 'latentedge') {
      expect(files).toContain('playground/index.html');
      expect(files).toContain('playground/docs/page.html');
      const licenses = readFileSync(join(root, 'THIRD_PARTY_LICENSES'), 'utf8');
      for (const own of ['vega', 'd3-scale', 'fast-png', 'preact'])
        expect(licenses).toMatch(new RegExp(`^${own} \\d`, 'm'));
    }
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts).toBeUndefined();
  });

  it('has pages whose links lead somewhere, and whose commands are those of the package', () => {
    const root = join(consumer, 'node_modules', name);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const isPage = (file: string) => /^(README\.md|AGENTS\.md|llms\.txt|docs\/.*\.md)$/.test(file);
    for (const page of files.filter(isPage)) {
      const text = readFileSync(join(root, page), 'utf8');
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
      const dead = links.filter((link) => !files.includes(join(dirname(page), link)));
      expect([page, dead]).toEqual([page, []]);
      // A project that init writes has scripts of its own.
      if (page !== 'README.md' && page !== 'docs/your-project.md')
        expect([page, text.match(/npm run \w+/g)]).toEqual([page, null]);
    }
  });
});

it('installing it runs no script of any package', () => {
  const lock = readFileSync(join(consumer, 'node_modules/.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, { hasInstallScript?: boolean }> };
  expect(Object.keys(packages).filter((name) => packages[name]!.hasInstallScript)).toEqual([]);
});

it('takes less than a fifth of what this repository installs', () => {
  const bytes = (path: string): number =>
    readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
      const own = join(path, entry.name);
      return sum + (entry.isDirectory() ? bytes(own) : entry.isFile() ? statSync(own).size : 0);
    }, 0);
  expect(bytes(join(consumer, 'node_modules'))).toBeLessThan(260 * 1024 * 1024);
});

it('the client is declared in 38 KB, by its own types and those of hono', () => {
  const declarations = readFileSync(join(packed['latentedge-client'].folder, 'index.d.ts'), 'utf8');
  expect(declarations.length).toBeLessThan(38_000);
  const imports = [...declarations.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
  expect(imports).toEqual(['hono', 'hono/client']);
});

it('an editor shows the default and the bounds of every setting of every variant', () => {
  const declarations = readFileSync(join(packed.latentedge.folder, 'training/settings.d.ts'), 'utf8');
  for (const name of Object.keys(VARIANTS)) expect(declarations).toContain(`readonly "${name}": {`);
  expect(declarations).toMatch(
    /Rows per step\.?\n\s+\* Default: 128\. Values: `integer`, 1 to 65,536\.\n[^;]*batchSize\?: number/,
  );
  const members = declarations.match(/^ +readonly \w+\?: /gm)!;
  expect(declarations.match(/\* Default: /g)).toHaveLength(members.length);
});

it('a strict NodeNext project compiles against every entry, with the libraries checked', async () => {
  writeProject(consumer, { 'program.ts': PROGRAM });
  expect(await compile('program.ts')).toBe('');
});

it.each(NODE_VERSIONS)('it runs on Node %s without tsx', async (version) => {
  const { stdout } = await run(await installNode(folder, version), ['out/program.js'], { cwd: consumer });
  expect(stdout).toBe(PROGRAM_OUTPUT);
});

it('the snippets of the README, of AGENTS.md and of the page about projects compile, and train what they say', async () => {
  const readme = readFileSync(join(packed.latentedge.folder, 'README.md'), 'utf8');
  const firstSnippet = (text: string) => /^```ts\n([\s\S]*?)^```$/m.exec(text)![1]!;
  const agents = readFileSync(join(packed.latentedge.folder, 'AGENTS.md'), 'utf8');
  const snippets = blocksOf('docs/your-project.md').filter(({ language }) => language === 'ts');
  const files = snippets.map(({ text }, i) => [`snippet${i}.ts`, text] as const);
  writeProject(consumer, {
    ...Object.fromEntries(files),
    ...{ 'readme.ts': firstSnippet(readme), 'agents.ts': firstSnippet(agents), 'orders.csv': ordersCsv() },
  });
  expect(await compile('readme.ts', 'agents.ts', ...files.map(([file]) => file))).toBe('');
  const outputOf = async (name: string) =>
    (await run(process.execPath, [`out/${name}.js`], { cwd: consumer })).stdout.trim();
  const snippetWith = (text: string) => `snippet${snippets.findIndex((each) => each.text.includes(text))}`;
  expect(await outputOf('readme')).toMatch(/^artifacts\/waves\/[0-9a-f]{12} 0\.\d+$/);
  expect(await outputOf(snippetWith('readTable'))).toMatch(/^artifacts\/orders\/[0-9a-f]{12}$/);
  const [variant, error] = (await outputOf(snippetWith('defineVariant'))).split(' ');
  expect(variant).toBe('gated-residual');
  // The variance of a sine is 0.5: the model has learnt most of it in its few epochs.
  expect(Number(error)).toBeLessThan(0.25);
});

it('a browser project bundles the client', async () => {
  const web = join(consumer, 'web');
  writeProject(web, {
    'index.html': '<script type="module" src="main.js"></script>',
    'main.js': `import { createClient } from 'latentedge-client';
document.title = String(createClient('/').v1.models.$url());`,
  });
  await build({ root: web, logLevel: 'silent', configFile: false });
  const [script] = readdirSync(join(web, 'dist/assets'));
  expect(statSync(join(web, 'dist/assets', script!)).size).toBeLessThan(20_000);
});

it('a command without the package that it needs names it, and the command that installs it', async () => {
  writeProject(consumer, { 'wrangler.toml': 'name = "x"\n' });
  const bin = join(consumer, 'node_modules/.bin/latentedge');
  const failed = await run(bin, ['deploy', '--check', 'artifacts/own'], { cwd: consumer }).catch(
    (error) => error,
  );
  expect(failed.stderr).toMatch(/needs the package wrangler: npm install --save-dev wrangler\n$/);
  expect(failed.code).toBe(2);
  // One grey pixel.
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
  mkdirSync(join(consumer, 'pictures'));
  writeFileSync(join(consumer, 'pictures/pixel.png'), Buffer.from(pixel, 'base64'));
  const program =
    "(await import('latentedge')).imageFolder('pictures').catch(({ message }) => console.log(message))";
  const images = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: consumer });
  expect(images.stdout).toMatch(/needs the package sharp: npm install --save-dev sharp\n$/);
  const unknown = await run(bin, ['trian'], { cwd: consumer }).catch((error) => error);
  expect(unknown.stderr).toContain("did you mean 'train'?");
});

it('an import into a folder without a Worker tells how to serve the model, and so does init', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const bin = join(consumer, 'node_modules/.bin/latentedge');
  const encoder = join(FIXTURES_FOLDER, 'torch-mlp-dynamo.onnx');
  const { stdout } = await run(bin, ['import', encoder, '--name', 'machines'], { cwd: empty });
  const advice =
    'npx latentedge init my-models writes one; import the model there, or move artifacts into it';
  expect(stdout).toContain(
    `to serve it, a project with a Worker is needed, which this folder is not: ${advice}`,
  );
  const failed = await run(bin, ['init', '--into', '.'], { cwd: empty }).catch((error) => error);
  expect(failed.stderr).toContain('npx latentedge init my-models, without --into, writes a project with one');
  await run(bin, ['init', 'my-models'], { cwd: empty });
  const project = join(empty, 'my-models');
  const there = await run(bin, ['import', encoder, '--name', 'machines'], { cwd: project });
  expect(there.stdout).not.toContain('to serve it, a project');
  expect(there.stdout).toContain('serve it: npx latentedge serve artifacts/machines/');
});
