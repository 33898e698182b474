/** Freezing: models and runtime to one image, the WebAssembly that runs it, and the proof that both are right. */
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
import type { Freezable } from './graphs.ts';
import { imageOf } from './image.ts';
import { type RuntimePackage, readRuntime } from './package.ts';
import { withoutUnread } from './unread.ts';
import { verify } from './verify.ts';
import { type Functions, slim } from './wasm/slim.ts';
import type { Workload } from './workload.ts';

/** Raised where what is written changes, so that what is kept of older ones is not used. */
const FORMAT = 5;

export interface FreezeOptions {
  readonly workload: Workload;
  /** Whether a slim runtime is wanted, too: one that still loads graphs. */
  readonly loads?: boolean;
  /** An installed onnxruntime-web; default: the one that this project depends on. */
  readonly runtime?: string | undefined;
  /** Where images are kept, by the hash of what they are made of. */
  readonly cache?: string;
  /** Told what takes its time. */
  readonly print?: (line: string) => void;
}

interface Size {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface FreezeReport {
  readonly onnxruntime: string;
  readonly graphs: readonly string[];
  /** Why graphs were left out, by label. */
  readonly refused: Readonly<Record<string, string>>;
  readonly functions: Functions;
  /** The WebAssembly that the others were made of. */
  readonly stock: Size;
  readonly wasm: Size;
  readonly image: Size & { readonly pages: number };
  readonly slim?: Size & { readonly functions: Functions };
  /** Runs that were compared. */
  readonly runs: number;
}

/** Paths of files, and what is in them. */
export interface FrozenFiles {
  readonly description: ImageDescription;
  readonly report: FreezeReport;
  readonly image: string;
  readonly wasm: string;
  /** With `loads` only. */
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
 * Freezes graphs, unless that has been done before.
 * @throws {InputError} where there is nothing to freeze, or the onnxruntime-web cannot be.
 * @throws {GateError} where what was frozen does not answer as onnxruntime-web and onnxruntime-node do.
 *
 * @example
 * const { directory } = await freeze(freezableGraphs(artifacts), { workload: fullWorkload(1024) });
 */
export async function freeze(graphs: readonly Freezable[], options: FreezeOptions): Promise<FrozenFiles> {
  const { cache = join('artifacts', 'frozen'), workload, loads = false, print } = options;
  if (graphs.length === 0) throw new InputError('expected a model to freeze, received none');
  const runtime = await readRuntime(options.runtime);
  const sources = graphs.map(({ bytes: _, ...source }) => source);
  const key = sha256(JSON.stringify([FORMAT, runtime.sha256, workload, loads, sources]));
  const directory = resolve(cache, key.slice(0, 16));
  if (!existsSync(directory)) {
    const bytes = graphs.reduce((sum, graph) => sum + graph.bytes.length, 0);
    print?.(`freezing ${graphs.length} graphs of ${kib(bytes)}, once: a minute or more for large ones`);
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

type Built = Readonly<Record<Exclude<keyof typeof FILES, 'slim'>, Uint8Array | string>> & {
  readonly slim?: Uint8Array;
};

async function build(
  graphs: readonly Freezable[],
  runtime: RuntimePackage,
  workload: Workload,
  loads: boolean,
): Promise<Built> {
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
  const image = imageOf(await withoutUnread(captured, wasm, runtime, description, workload));
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

async function sizeOf(bytes: Uint8Array): Promise<Size> {
  return { bytes: bytes.length, gzipBytes: (await promisify(gzip)(bytes)).length };
}

/** Writes under another name first: whoever builds at the same time sees all of it or nothing. */
async function write(directory: string, built: Built): Promise<void> {
  const partial = `${directory}.${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  for (const [name, content] of Object.entries(built)) {
    await writeFile(join(partial, FILES[name as keyof Built]), content);
  }
  try {
    await rename(partial, directory);
  } catch (error) {
    // The other one was first: what it wrote is the same.
    await rm(partial, { recursive: true });
    if (!existsSync(directory)) throw error;
  }
}
