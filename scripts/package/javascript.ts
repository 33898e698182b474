/**
 * The packages' JavaScript, bundled by esbuild: Wrangler and the tests use it anyway, and it runs on every
 * version of Node that latentedge supports, which bundlers made for libraries (tsdown, tsup) no longer do.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { externalPackages } from './packageJson.ts';

/**
 * Modules that Node.js runs, by their path in the package, which is that of the source, without an extension.
 */
export const NODE_ENTRIES = [
  ...['training/index', 'training/extend', 'shared/manifest', 'scripts/latentedge'],
  // The program of the processes that freezing starts.
  'scripts/freeze/child',
  // The program of the processes that run graphs from elsewhere.
  'scripts/importing/child',
  // The program of the processes that run trials.
  'scripts/tuning/worker',
  // The thread that renews the lock of a retraining.
  'scripts/retrain/lockThread',
];
/** Modules that Workers run, and the client, by their path in the same form. */
export const EDGE_ENTRIES = [
  ...[
    'edge/index',
    'edge/library',
    'edge/bundled',
    'edge/rpc',
    'edge/jobsEntrypoint',
    'edge/client',
    'scripts/worker/helloWorker',
  ],
];

/** Modules that bundles of models import. */
const MODES = ['frozen', 'frozenSlim', 'frozenStock', 'dynamic', 'dynamicOnly', 'slim', 'stock'].map(
  (mode) => `edge/runtime/modes/${mode}`,
);
/** The program of frozen modules. */
const RUNNER = 'edge/runtime/isolates/runner';
const MCP = 'edge/mcp/handler';

/** Files that wrangler.toml uploads as text. */
const TEXT = /\.(html|css|page\.js)$/;

const texts: Plugin = {
  name: 'texts',
  setup: ({ onLoad }) => {
    onLoad({ filter: TEXT }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'text',
    }));
  },
};

const COMMON = {
  absWorkingDir: PACKAGE_FOLDER,
  outbase: PACKAGE_FOLDER,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: true,
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Bundles the training library, the commands, and the Worker with its runtimes into `folder`.
 * @param others Paths of further modules that the package has the code of.
 */
export async function buildLibrary(folder: string, others: readonly string[]): Promise<void> {
  const node = await build({
    ...COMMON,
    entryPoints: NODE_ENTRIES.map((path) => join(PACKAGE_FOLDER, `${path}.ts`)),
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    // Vega draws to it if it is there, which nothing here asks for.
    external: [...(await externalPackages()).flatMap((name) => [name, `${name}/*`]), 'canvas'],
  });
  const edge = await build({
    ...COMMON,
    entryPoints: [...EDGE_ENTRIES, ...MODES, RUNNER, MCP].map((path) => join(PACKAGE_FOLDER, `${path}.ts`)),
    outdir: folder,
    chunkNames: 'edge/chunks/[name]-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'latentedge:*', 'hono', 'hono/*', 'zod', '*.wasm'],
    // What nodejs_compat adds makes onnxruntime-web take a Worker for Node.js, and import these.
    define: { 'globalThis.process': 'undefined' },
    alias: { module: './edge/runtime/nodeModule.ts', worker_threads: './edge/runtime/nodeModule.ts' },
    plugins: [texts],
  });
  const inputs = [node, edge].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  await writeLicenses(join(folder, 'THIRD_PARTY_LICENSES'), [...inputs, ...others]);
}

/** Writes the licenses of the packages that modules of the bundles are from. */
async function writeLicenses(path: string, modules: readonly string[]): Promise<void> {
  const own = modules.flatMap((each) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(each)?.[0] ?? []);
  const folders = own.map((each) => resolve(PACKAGE_FOLDER, each));
  const texts: string[] = [];
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    texts.push(`${name} ${version}: ${license}\n\n${text.trim()}\n`);
  }
  await writeFile(path, texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** Bundles the typed client into `folder`. */
export async function buildClient(folder: string): Promise<void> {
  await build({
    ...COMMON,
    splitting: false,
    entryPoints: { index: join(PACKAGE_FOLDER, 'edge/client.ts') },
    outdir: folder,
    platform: 'neutral',
    external: ['hono', 'hono/*'],
  });
}
