/** Making the frozen module of a version, which a Worker with `RUNTIME = "dynamic"` runs in an isolate of its own. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as Esbuild from 'esbuild';
import { GateError, InputError } from '../../shared/errors.ts';
import {
  FROZEN_MODULES,
  type FrozenFile,
  type FrozenPart,
  frozenManifest,
  PIECE_BYTES,
} from '../../shared/frozenModule.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';
import { packageModule } from '../cli/places.ts';
import { assertMemoryFits, divided, hasRoomFor, memoryInPieces } from '../freeze/fits.ts';
import { type FreezableGraph, freezableGraphs } from '../freeze/freezableGraphs.ts';
import { type FreezeOptions, type FreezeReport, freeze } from '../freeze/freeze.ts';
import { splitImage } from '../freeze/splitImage.ts';
import { FULL_WORKLOAD } from '../freeze/workload.ts';
import type { StoredModule } from '../store/frozenModule.ts';
import { wranglerPackage } from './cloudflare.ts';
import { configuredLimits } from './runtimes.ts';

/** The isolate's program was written for this one; later ones imply nodejs_compat, which misleads onnxruntime-web. */
const COMPATIBILITY_DATE = '2026-04-01';
/** Name of the pieces of an image. */
const IMAGE = 'image.bin';
/** Hex digits of its hash in the name of a file. */
const DIGITS = 12;

export type FreezeModuleOptions = Partial<Pick<FreezeOptions, 'workload' | 'runtime' | 'cache' | 'print'>>;

type Freezable = Pick<Artifact, 'manifest' | 'graphs'>;

export interface MadeModule extends StoredModule {
  /** One for each part. */
  readonly reports: readonly FreezeReport[];
}

/**
 * Freezes the graphs of one version, and adds the program that runs them. Graphs that do not fit in one isolate are
 * divided among several.
 * @throws {GateError} if the frozen runtime answers differently from onnxruntime-web or onnxruntime-node.
 * @throws {InputError} if a graph cannot be frozen, or does not fit in an isolate.
 */
export async function freezeModule(
  artifact: Freezable,
  { workload = FULL_WORKLOAD, ...options }: FreezeModuleOptions = {},
): Promise<MadeModule> {
  const { name, version } = artifact.manifest;
  const graphs = freezableGraphs([artifact], await configuredLimits());
  const hasRoom = async (group: readonly FreezableGraph[]) =>
    hasRoomFor(await memoryInPieces(group, options.runtime));
  const groups = await divided(graphs, hasRoom);
  if (groups.length > 1) options.print?.(severalParts(`${name}@${version}`, groups));
  // Before any time is spent on it.
  for (const [graph, ...others] of groups)
    if (others.length === 0) assertMemoryFits(graph!.label, await memoryInPieces([graph!], options.runtime));
  const runner = new TextEncoder().encode(await runnerText());
  const made: MadePart[] = [];
  for (const group of groups) made.push(await freezePart(group, runner, { workload, ...options }));
  const reports = made.map(({ report }) => report);
  const manifest = frozenManifest({
    ...{ name, version, onnxruntime: reports[0]!.onnxruntime, compatibilityDate: COMPATIBILITY_DATE },
    parts: made.map(({ part }) => part),
  });
  return { manifest, files: new Map(made.flatMap(({ files }) => [...files])), reports };
}

interface MadePart {
  readonly part: FrozenPart;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly report: FreezeReport;
}

async function freezePart(
  graphs: readonly FreezableGraph[],
  runner: Uint8Array,
  options: FreezeOptions,
): Promise<MadePart> {
  const { description, report, image, wasm } = await freeze(graphs, { ...options, inPieces: true });
  const [first] = Object.entries(report.refused);
  if (first !== undefined) throw new InputError(`${first[0]} cannot be frozen: ${first[1]}`);
  const files = new Map<string, Uint8Array>();
  const add = (name: string, content: Uint8Array): FrozenFile => {
    const hash = sha256(content);
    const file = name.replace('.', `-${hash.slice(0, DIGITS)}.`);
    files.set(file, content);
    return { file, sha256: hash, bytes: content.length };
  };
  const described = new TextEncoder().encode(JSON.stringify(description));
  const part = {
    ...{ graphs: [...new Set(description.graphs.map((graph) => graph.sha256))], runs: report.runs },
    files: {
      runner: add(FROZEN_MODULES.runner, runner),
      wasm: add(FROZEN_MODULES.wasm, await readFile(wasm)),
      description: add(FROZEN_MODULES.description, described),
    },
    image: splitImage(await readFile(image), PIECE_BYTES).map((piece) => add(IMAGE, piece)),
  };
  return { part, files, report };
}

function severalParts(version: string, groups: readonly (readonly FreezableGraph[])[]): string {
  const names = groups.map((group) =>
    group.map(({ label }) => label.slice(label.lastIndexOf('/') + 1)).join(', '),
  );
  return `${version}: its graphs do not fit in one isolate, so ${groups.length} run them: ${names.join(' | ')}`;
}

/**
 * Freezes a version for a Worker that can do without: prints why it has no frozen module, if it has none.
 * @throws {GateError} as `freezeModule` does: a runtime that answers differently must not be hidden.
 */
export async function freezeModuleIfPossible(
  artifact: Freezable,
  options: FreezeModuleOptions & { readonly print: (line: string) => void },
): Promise<MadeModule | undefined> {
  try {
    return await freezeModule(artifact, options);
  } catch (error) {
    if (error instanceof GateError || !(error instanceof InputError)) throw error;
    const { name, version } = artifact.manifest;
    options.print(
      `${name}@${version}: without a frozen module, and so without an isolate of its own: ${error.message}`,
    );
    return undefined;
  }
}

/** Bundles the program of the isolate. Wrangler brings esbuild. */
async function runnerText(): Promise<string> {
  const { build } = createRequire(wranglerPackage())('esbuild') as typeof Esbuild;
  const { wasm, description } = FROZEN_MODULES;
  const frozen = [
    `import module from './${wasm}';`,
    `import description from './${description}';`,
    'export default { module, description };',
  ].join('\n');
  const nothing = packageModule('edge/runtime/nodeModule');
  const { outputFiles } = await build({
    entryPoints: [packageModule('edge/runtime/isolates/runner')],
    ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' },
    external: ['cloudflare:workers'],
    // As in wrangler.toml.
    define: { 'globalThis.process': 'undefined' },
    alias: { module: nothing, worker_threads: nothing },
    plugins: [
      {
        name: 'frozen',
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^latentedge:frozen$/ }, () => ({ path: 'frozen', namespace: 'frozen' }));
          onResolve({ filter: /.*/, namespace: 'frozen' }, ({ path }) => ({ path, external: true }));
          onLoad({ filter: /.*/, namespace: 'frozen' }, () => ({ contents: frozen, loader: 'js' }));
        },
      },
    ],
  });
  return outputFiles[0]!.text;
}
