/** Bundling models, and the runtime that they run on, for a Worker's upload. */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import type { RuntimeLayout } from '../../edge/runtime/frozen/create.ts';
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { packageModule } from '../cli/places.ts';
import { freezableGraphs } from '../freeze/freezableGraphs.ts';
import { type FrozenFiles, freeze } from '../freeze/freeze.ts';
import { readRuntime } from '../freeze/runtimePackage.ts';
import { FULL_WORKLOAD, type Workload } from '../freeze/workload.ts';
import {
  configuredLimits,
  configuredMcp,
  configuredRuntime,
  RUNTIMES,
  type RuntimeName,
} from './runtimes.ts';

export interface BundleOptions {
  /** Default: `RUNTIME` in wrangler.toml. */
  readonly runtime?: RuntimeName;
  /** True for a Worker with `/mcp`, whose code others need not carry. Default: `MCP` in wrangler.toml. */
  readonly mcp?: boolean;
  /** Runs that must work. Default: everything that requests can cause within the limits of wrangler.toml. */
  readonly workload?: Workload;
  /** Receives a line before each slow operation. */
  readonly print?: ((line: string) => void) | undefined;
}

/**
 * Writes the modules `models.ts`, `runtime.ts`, `frozen.ts` and `slim.ts` and the files that they import to
 * `outDir`. Returns the path of `models.ts`.
 *
 * Files are named by their sha256, and modules are renamed into place last, so a concurrent build sees either
 * all of the old models or all of the new ones.
 * @throws {InputError} if two artifacts have the same name and version, if there are none although the
 * runtime is made from them, or if a graph cannot be frozen and the runtime has no other way to run it.
 *
 * @example
 * await bundleModels([await readArtifact('artifacts/digits/0a1b2c3d4e5f')], 'artifacts/bundle');
 */
export async function bundleModels(
  artifacts: readonly Artifact[],
  outDir: string,
  options: BundleOptions = {},
): Promise<string> {
  const { runtime = await configuredRuntime(), mcp = await configuredMcp(), print } = options;
  const { workload = FULL_WORKLOAD } = options;
  const choice = RUNTIMES[runtime];
  const mode = artifacts.length === 0 ? choice.without : choice.module;
  if (mode === null) throw new InputError('there is no model to bundle');
  assertDistinct(artifacts);
  const isFrozen = (choice.freezes || choice.loads) && artifacts.length > 0;
  const frozen = isFrozen
    ? await freeze(freezableGraphs(artifacts, await configuredLimits()), {
        workload,
        loads: choice.loads,
        ...(print && { print }),
      })
    : undefined;
  if (frozen && choice.graphs === 'none') assertAllFrozen(frozen, runtime);
  const files = new Map<string, Uint8Array>();
  const modules = {
    'frozen.ts': frozen && choice.freezes ? await frozenModule(frozen, files) : undefined,
    'slim.ts': await loadedModule(choice, frozen, files),
    'runtime.ts': runtimeModule(outDir, mode, mcp),
    'models.ts': modelsModule(artifacts, files, (sha256) => isBundled(sha256, choice.graphs, frozen)),
  };
  await mkdir(outDir, { recursive: true });
  for (const [file, bytes] of files) await writeOnce(join(outDir, file), bytes);
  for (const [file, text] of Object.entries(modules)) {
    if (text !== undefined) await replace(join(outDir, file), `${HEADER}\n${text}\n`);
  }
  for (const file of await readdir(outDir)) {
    if (EXTENSIONS.includes(extname(file)) && !files.has(file)) await rm(join(outDir, file));
  }
  return join(outDir, 'models.ts');
}

/** Projects whose TypeScript configuration includes every file see these modules, too, but cannot know what they import. */
const HEADER = '// @ts-nocheck Written by bundleModels.';

/** Wrangler uploads files of these names without a rule: bytes, and compiled WebAssembly. */
const EXTENSIONS = ['.bin', '.wasm'];

/** Adds a file, named by the hash of its content, and returns its name. */
function add(files: Map<string, Uint8Array>, bytes: Uint8Array, extension: string): string {
  const file = `${createHash('sha256').update(bytes).digest('hex')}${extension}`;
  files.set(file, bytes);
  return file;
}

function modelsModule(
  artifacts: readonly Artifact[],
  files: Map<string, Uint8Array>,
  isBundled: (sha256: string) => boolean,
): string {
  const imports = new Set<string>();
  const entries = artifacts.map(({ manifest, graphs }) => {
    const members = graphEntries(graphs)
      .filter(([name]) => isBundled(manifest.graphs[name]!.sha256))
      .map(([graph, bytes]) => {
        const file = add(files, bytes, '.bin');
        const variable = `graph_${file.slice(0, -'.bin'.length)}`;
        imports.add(`import ${variable} from './${file}';`);
        return `${graph}: ${variable}`;
      });
    return `  { manifest: ${parsing(manifest)}, graphs: { ${members.join(', ')} } },`;
  });
  return [...imports, 'export default [', ...entries, '];'].join('\n');
}

/** Returns code that makes a value from its JSON, which V8 reads in a fraction of the time of the same literal. */
function parsing(value: object): string {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}

async function frozenModule({ description, image, wasm }: FrozenFiles, files: Map<string, Uint8Array>) {
  return [
    `import image from './${add(files, await readFile(image), '.bin')}';`,
    `import module from './${add(files, await readFile(wasm), '.wasm')}';`,
    `export default { image, module, description: ${parsing(description)} };`,
  ].join('\n');
}

/** The runtime that loads graphs on demand: the slim one or, in its place, the whole onnxruntime-web. */
async function loadedModule(
  { loads, module }: (typeof RUNTIMES)[RuntimeName],
  frozen: FrozenFiles | undefined,
  files: Map<string, Uint8Array>,
) {
  if (module === 'dynamic') {
    const { layout, wasm } = await readRuntime();
    return slimModule(layout, wasm, files);
  }
  return frozen && loads ? slimModule(frozen.description, await readFile(frozen.slim), files) : undefined;
}

function slimModule(
  { memory, api }: RuntimeLayout,
  wasm: Uint8Array,
  files: Map<string, Uint8Array>,
): string {
  const file = add(files, wasm, '.wasm');
  const load = `async () => (await import('./${file}')).default`;
  return `export default { layout: ${JSON.stringify({ memory, api })}, load: ${load} };`;
}

function isBundled(sha256: string, which: string, frozen: FrozenFiles | undefined): boolean {
  if (which !== 'those that cannot be frozen') return which === 'all';
  return !frozen?.description.graphs.some((graph) => graph.sha256 === sha256);
}

function runtimeModule(outDir: string, mode: string, mcp: boolean): string {
  const load = `async () => (await import(${pathOf(outDir, 'edge/mcp/handler')})).handleMessage`;
  return [
    `export { runtime } from ${pathOf(outDir, `edge/runtime/modes/${mode}`)};`,
    `export const mcp = ${mcp ? load : 'undefined'};`,
  ].join('\n');
}

/** Returns the path of a module of the package, as text of a module in `outDir`. */
function pathOf(outDir: string, module: string): string {
  const path = relative(outDir, packageModule(module));
  return JSON.stringify(path.startsWith('.') ? path : `./${path}`);
}

function assertAllFrozen({ report: { refused } }: FrozenFiles, runtime: RuntimeName): void {
  const [first] = Object.entries(refused);
  if (first === undefined) return;
  const [graph, reason] = first;
  throw new InputError(
    `${graph} cannot be frozen: ${reason}; leave the model out, or set RUNTIME in wrangler.toml to another value than "${runtime}"`,
  );
}

function assertDistinct(artifacts: readonly Artifact[]): void {
  const seen = new Set<string>();
  for (const { manifest, directory } of artifacts) {
    const reference = `${manifest.name}@${manifest.version}`;
    if (seen.has(reference))
      throw new InputError(`${reference} was given twice, the second time as ${directory}`);
    seen.add(reference);
  }
}

async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  // The name is the hash of the content, so an existing file has the right content.
  if (!exists) await replace(path, bytes);
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
