/** Freezing: models and runtime to one image, the WebAssembly that runs it, and the proof that both are right. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { InputError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact.ts';
import { capture } from './capture.ts';
import type { Freezable } from './graphs.ts';
import { imageOf } from './image.ts';
import { type RuntimePackage, readRuntime } from './package.ts';
import { verify } from './verify.ts';
import { slim } from './wasm/slim.ts';
import type { Workload } from './workload.ts';

/** Raised where what is written changes, so that what is kept of older ones is not used. */
const FORMAT = 1;

export interface FreezeOptions {
  readonly workload: Workload;
  /** An installed onnxruntime-web; default: the one that this project depends on. */
  readonly runtime?: string | undefined;
  /** Where images are kept, by the hash of what they are made of. */
  readonly cache?: string;
}

export interface FreezeReport {
  readonly onnxruntime: string;
  readonly graphs: readonly string[];
  /** Why graphs were left out, by label. */
  readonly refused: Readonly<Record<string, string>>;
  readonly functions: { readonly kept: number; readonly dropped: number };
  readonly wasm: Size & { readonly before: Size };
  readonly image: Size & { readonly pages: number };
  /** Runs that were compared. */
  readonly runs: number;
}

interface Size {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface FrozenFiles {
  /** Holds `runtime.wasm`, `image.bin`, `image.json` and `report.json`. */
  readonly directory: string;
  readonly description: ImageDescription;
  readonly report: FreezeReport;
  /** Emscripten's JavaScript that belongs to the WebAssembly. */
  readonly factoryPath: string;
}

const FILES = {
  wasm: 'runtime.wasm',
  image: 'image.bin',
  description: 'image.json',
  report: 'report.json',
} as const;

/**
 * Freezes graphs, unless that has been done before.
 * @throws {InputError} where there is nothing to freeze, or the onnxruntime-web cannot be.
 * @throws {GateError} where what was frozen does not answer as onnxruntime-web and onnxruntime-node do.
 *
 * @example
 * const { directory } = await freeze(freezableGraphs(artifacts), { workload: fullWorkload(1024) });
 */
export async function freeze(graphs: readonly Freezable[], options: FreezeOptions): Promise<FrozenFiles> {
  const { cache = join('artifacts', 'frozen'), workload } = options;
  if (graphs.length === 0) throw new InputError('expected a model to freeze, received none');
  const runtime = await readRuntime(options.runtime);
  const key = [
    FORMAT,
    runtime.sha256,
    workload,
    graphs.map(({ spec, items, texts, ...each }) => [each.sha256, spec, items, texts]),
  ];
  const directory = join(cache, sha256(JSON.stringify(key)).slice(0, 16));
  if (!existsSync(directory)) await write(directory, await build(graphs, runtime, workload));
  const json = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'));
  return {
    directory,
    description: await json(FILES.description),
    report: await json(FILES.report),
    factoryPath: runtime.factoryPath,
  };
}

type Built = Readonly<Record<keyof typeof FILES, Uint8Array | string>>;

async function build(
  graphs: readonly Freezable[],
  runtime: RuntimePackage,
  workload: Workload,
): Promise<Built> {
  const captured = await capture(runtime, graphs, workload);
  const { bytes: wasm, functions } = slim(runtime.wasm, captured);
  const image = imageOf(captured.memory);
  const { memory, api, constructors } = runtime.layout;
  const pages = captured.memory.length / 2 ** 16;
  const description = {
    onnxruntime: runtime.version,
    pages,
    memory,
    api,
    constructors,
    graphs: captured.graphs,
  };
  const module = await WebAssembly.compile(wasm);
  let runs = 0;
  const instance = await thaw({ factory: runtime.factory, module, image: image.buffer, description });
  const refused = new Map(captured.refused);
  for (const graph of graphs) {
    const frozen = captured.graphs[graph.sha256];
    if (frozen) runs += await verify(instance, frozen, graph, runtime, workload);
  }
  const labelled = graphs.map(({ label, sha256: hash }) => [label, refused.get(hash)] as const);
  const report: FreezeReport = {
    onnxruntime: runtime.version,
    graphs: labelled.filter(([, reason]) => reason === undefined).map(([label]) => label),
    refused: Object.fromEntries(
      labelled.flatMap(([label, reason]) => (reason === undefined ? [] : [[label, reason]])),
    ),
    functions,
    wasm: { ...(await sizeOf(wasm)), before: await sizeOf(runtime.wasm) },
    image: { ...(await sizeOf(image)), pages },
    runs,
  };
  return { wasm, image, description: JSON.stringify(description), report: JSON.stringify(report) };
}

async function sizeOf(bytes: Uint8Array): Promise<Size> {
  return { bytes: bytes.length, gzipBytes: (await promisify(gzip)(bytes)).length };
}

/** Writes under another name first: whoever builds at the same time sees all of it or nothing. */
async function write(directory: string, built: Built): Promise<void> {
  const partial = `${directory}.${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  for (const [name, file] of Object.entries(FILES))
    await writeFile(join(partial, file), built[name as keyof Built]);
  try {
    await rename(partial, directory);
  } catch (error) {
    // The other one was first: what it wrote is the same.
    await rm(partial, { recursive: true });
    if (!existsSync(directory)) throw error;
  }
}
