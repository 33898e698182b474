/**
 * The packages' JavaScript, bundled by esbuild: Wrangler and the tests use it anyway, and it runs on every
 * version of Node that latentedge supports, which bundlers made for libraries (tsdown, tsup) no longer do.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { PACKAGE_FOLDER } from '../cli/places.ts';

/**
 * Modules that Node.js runs, by their path in the package, which is that of the source, without an extension.
 */
export const NODE_ENTRIES = [
  ...['training/index', 'training/extend', 'shared/manifest', 'scripts/latentedge'],
  // The program of the processes that freezing starts.
  'scripts/freeze/child',
  // The thread that renews the lock of a retraining.
  'scripts/retrain/lockThread',
];
/** Modules that Workers run, and the client, by their path in the same form. */
export const EDGE_ENTRIES = [
  ...['edge/index', 'edge/library', 'edge/bundled', 'edge/rpc', 'edge/client', 'scripts/worker/helloWorker'],
];

const MODES = ['frozen', 'frozenSlim', 'frozenStock', 'slim', 'stock'].map(
  (mode) => `edge/runtime/modes/${mode}`,
);

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
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Bundles the training library, the commands, and the Worker with its runtimes into `folder`. */
export async function buildLibrary(folder: string): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: NODE_ENTRIES.map((path) => join(PACKAGE_FOLDER, `${path}.ts`)),
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    packages: 'external',
  });
  await build({
    ...COMMON,
    entryPoints: [...EDGE_ENTRIES, ...MODES].map((path) => join(PACKAGE_FOLDER, `${path}.ts`)),
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
