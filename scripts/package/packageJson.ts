/** The package.json of the packages, made from the repository's own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { BUNDLED, SYSTEMS } from './bundledPackages.ts';

/** Packages that every installation needs. */
const NEEDED = [
  ...['@duckdb/node-api', '@hpcc-js/wasm-graphviz', 'adm-zip', 'aws4fetch', 'cli-progress', 'cli-table3'],
  ...[
    'commander',
    'fast-png',
    'fflate',
    'hono',
    'jiti',
    'ml-matrix',
    'onnx-proto',
    'onnxruntime-node',
    'onnxruntime-web',
  ],
  ...['plotly.js-gl3d-dist-min', 'smol-toml', 'zod'],
];
/**
 * Packages whose code is part of the bundles: with all that they depend on, they would be a third of what is installed.
 * The last is among what Vega depends on, and what the playground uses.
 */
const INLINED = ['vega', 'vega-lite', 'd3-dsv'];
/** Packages that only some features need; an error names a missing one, with the command that installs it. */
const OPTIONAL = ['@tensorflow/tfjs', '@tensorflow/tfjs-node', 'mnist', 'sharp'];

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const read = async (): Promise<PackageJson> =>
  JSON.parse(await readFile(join(PACKAGE_FOLDER, 'package.json'), 'utf8'));

/** Returns the packages that the bundles import. */
export async function externalPackages(): Promise<string[]> {
  const { dependencies, devDependencies, optionalDependencies } = await read();
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return names.filter((name) => !INLINED.includes(name));
}

/** Returns the package.json of `latentedge`. */
export async function libraryPackage(): Promise<object> {
  const own = await read();
  const versions = { ...own.dependencies, ...own.optionalDependencies };
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, versions[name]]));
  const peers = { ...pick(OPTIONAL), wrangler: `>=${own.dependencies.wrangler}` };
  const entry = (path: string) => ({ types: `./${path}.d.ts`, default: `./${path}.js` });
  return {
    ...common(own),
    description: own.description,
    bin: { latentedge: './bin/latentedge.js' },
    exports: {
      '.': entry('training/index'),
      './training': entry('training/index'),
      './extend': entry('training/extend'),
      './manifest': entry('shared/manifest'),
      './client': entry('edge/client'),
      './edge': entry('edge/library'),
      './edge/bundled': entry('edge/bundled'),
      './edge/rpc': entry('edge/rpc'),
      './edge/jobs': entry('edge/jobsEntrypoint'),
      './worker': entry('edge/index'),
      './package.json': './package.json',
    },
    os: SYSTEMS,
    dependencies: pick(NEEDED),
    bundleDependencies: BUNDLED,
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }])),
  };
}

/** Returns the package.json of `latentedge-client`. */
export async function clientPackage(): Promise<object> {
  const own = await read();
  return {
    ...common({ ...own, name: 'latentedge-client' }),
    description: 'Typed client for the HTTP API of a latentedge Worker.',
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
    dependencies: { hono: own.dependencies.hono },
  };
}

function common({ name, version, license, engines }: PackageJson) {
  return { name, version, license, type: 'module', engines, sideEffects: false };
}
