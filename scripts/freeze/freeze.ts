/** Freezing models and runtime into one image and the WebAssembly that runs it, and verifying both. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { InputError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact/artifact.ts';
import { kib } from '../cli/tables.ts';
import { capture } from './capture.ts';
import { encodeImage } from './encodeImage.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { type RuntimePackage, readRuntime } from './runtimePackage.ts';
import { withoutUnread } from './unread.ts';
import { verify } from './verify.ts';
import { type FunctionCounts, slim } from './wasm/slim.ts';
import type { Workload } from './workload.ts';

/**
 * Version of the cached files; raised with every change of their content, so that older ones are not used.
 */
const FORMAT = 5;

export interface FreezeOptions {
  readonly workload: Workload;
  /** True to also make a slim runtime, which can still load graphs. */
  readonly loads?: boolean;
  /** Folder of an installed onnxruntime-web. Default: the one that this project depends on. */
  readonly runtime?: string | undefined;
  /** Folder of cached images, which are named by the hash of their sources. Default: `artifacts/frozen`. */
  readonly cache?: string;
  /** Receives a line before each slow operation. */
  readonly print?: (line: string) => void;
}

interface ByteSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface FreezeReport {
  readonly onnxruntime: string;
  readonly graphs: readonly string[];
  /** Reasons for leaving graphs out, by label. */
  readonly refused: Readonly<Record<string, string>>;
  readonly functions: FunctionCounts;
  /** The original WebAssembly. */
  readonly stock: ByteSize;
  readonly wasm: ByteSize;
  /** `pages` are those of the thawed memory, of 64 KiB each. */
  readonly image: ByteSize & { readonly pages: number };
  readonly slim?: ByteSize & { readonly functions: FunctionCounts };
  /** Number of runs that were compared. */
  readonly runs: number;
}

/** Paths of the files, and the content of the JSON ones. */
export interface FrozenFiles {
  readonly description: ImageDescription;
  readonly report: FreezeReport;
  readonly image: string;
  readonly wasm: string;
  /** Exists with `loads` only. */
  readonly slim: string;
}

const FILES = {
  wasm: 'runtime.wasm',
  image: 'image.bin',
  description: 'image.json',
  report: 'report.json',
  slim: 'slim.wasm',
} as const;

/**
 * Freezes graphs, or returns the cached files if the same graphs have been frozen before.
 * @throws {InputError} if there are no graphs, or the onnxruntime-web is missing or of an unknown layout.
 * @throws {GateError} if the frozen runtime answers differently from onnxruntime-web or onnxruntime-node.
 *
 * @example
 * const { image, wasm } = await freeze(freezableGraphs(artifacts), { workload: fullWorkload(1024) });
 */
export async function freeze(
  graphs: readonly FreezableGraph[],
  options: FreezeOptions,
): Promise<FrozenFiles> {
  const { cache = join('artifacts', 'frozen'), workload, loads = false, print } = options;
  if (graphs.length === 0) throw new InputError('expected a model to freeze, received none');
  const runtime = await readRuntime(options.runtime);
  const sources = graphs.map(({ bytes: _, ...source }) => source);
  const key = sha256(JSON.stringify([FORMAT, runtime.sha256, workload, loads, sources]));
  const directory = resolve(cache, key.slice(0, 16));
  if (!existsSync(directory)) {
    const bytes = graphs.reduce((sum, graph) => sum + graph.bytes.length, 0);
    print?.(`freezing ${graphs.length} graphs (${kib(bytes)}) once; large ones take a minute or more`);
    await write(directory, await build(graphs, runtime, workload, loads));
  }
  const json = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'));
  return {
    description: await json(FILES.description),
    report: await json(FILES.report),
    image: join(directory, FILES.image),
    wasm: join(directory, FILES.wasm),
    slim: join(directory, FILES.slim),
  };
}

type FrozenContents = Readonly<Record<Exclude<keyof typeof FILES, 'slim'>, Uint8Array | string>> & {
  readonly slim?: Uint8Array;
};

async function build(
  graphs: readonly FreezableGraph[],
  runtime: RuntimePackage,
  workload: Workload,
  loads: boolean,
): Promise<FrozenContents> {
  const captured = await capture(runtime, graphs, workload);
  const { globals, running, loading, refused } = captured;
  const { bytes: wasm, functions } = await slim(runtime.wasm, { globals, ran: running });
  const pages = captured.memory.length / 2 ** 16;
  const description: ImageDescription = {
    onnxruntime: runtime.version,
    pages,
    ...runtime.layout,
    graphs: captured.graphs.map(({ source: _, ...graph }) => graph),
  };
  const image = encodeImage(await withoutUnread(captured, wasm, runtime, description, workload));
  const module = await WebAssembly.compile(wasm);
  const instance = await thaw({ factory: runtime.factory, module, image: image.buffer, description });
  let runs = 0;
  for (const graph of captured.graphs) runs += await verify(instance, graph, runtime, workload);
  const loader = loads ? await slim(runtime.wasm, { ran: new Set([...running, ...loading]) }) : undefined;
  const report: FreezeReport = {
    onnxruntime: runtime.version,
    graphs: captured.graphs.map(({ source }) => source.label),
    refused: Object.fromEntries([...refused].map(([{ label }, reason]) => [label, reason])),
    functions,
    stock: await sizeOf(runtime.wasm),
    wasm: await sizeOf(wasm),
    image: { ...(await sizeOf(image)), pages },
    ...(loader && { slim: { ...(await sizeOf(loader.bytes)), functions: loader.functions } }),
    runs,
  };
  return {
    ...{ wasm, image, description: JSON.stringify(description), report: JSON.stringify(report) },
    ...(loader && { slim: loader.bytes }),
  };
}

async function sizeOf(bytes: Uint8Array): Promise<ByteSize> {
  return { bytes: bytes.length, gzipBytes: (await promisify(gzip)(bytes)).length };
}

/** Writes under another name first, so that a concurrent build sees all of the files or none. */
async function write(directory: string, contents: FrozenContents): Promise<void> {
  const partial = `${directory}.${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(partial, FILES[name as keyof FrozenContents]), content);
  }
  try {
    await rename(partial, directory);
  } catch (error) {
    // A concurrent build was faster, and has written the same files.
    await rm(partial, { recursive: true });
    if (!existsSync(directory)) throw error;
  }
}
