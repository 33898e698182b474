/** onnxruntime-web initialised and with its sessions, as memory; and which of its functions that, and running them, takes. */
import {
  createSession,
  releaseSession,
  type StartedRuntime,
  startRuntime,
} from '../../edge/runtime/frozen/create.ts';
import type { FrozenGraph } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import type { Freezable } from './graphs.ts';
import { type Chunk, chunksOf, clearFree, unchanged } from './heap.ts';
import type { RuntimePackage } from './package.ts';
import { type Instrumented, instrument } from './wasm/instrument.ts';
import { parseModule } from './wasm/module.ts';
import { type Case, casesOf, type Workload } from './workload.ts';

export interface Captured {
  /** A copy of the whole memory. */
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly globals: ReadonlyMap<number, number | bigint>;
  /** What onnxruntime allocated for itself, not for a session. */
  readonly environment: readonly Chunk[];
  readonly graphs: readonly (FrozenGraph & { readonly source: Freezable })[];
  /** The graphs that were left out, and why. */
  readonly refused: ReadonlyMap<Freezable, string>;
  /** Functions that loading graphs and releasing them takes, by index. */
  readonly loading: ReadonlySet<number>;
  /** Functions that running them takes. */
  readonly running: ReadonlySet<number>;
}

/** @throws {Error} where the runtime does not start, or a run ends it. */
export async function capture(
  runtime: RuntimePackage,
  freezable: readonly Freezable[],
  workload: Workload,
): Promise<Captured> {
  const instrumented = instrument(runtime.wasm);
  const compiled = await WebAssembly.compile(instrumented.bytes);
  const started = await startRuntime(runtime.factory, compiled, runtime.layout);
  await exerciseLoading(started, freezable);
  const before = memoryOf(started, instrumented, []);
  const { graphs, refused } = await createSessions(started, freezable);
  const after = memoryOf(started, instrumented, graphs);
  const loading = instrumented.ran(started.instance.exports);
  for (const graph of graphs) {
    for (const each of casesOf(graph.source, workload)) attempt(started, graph, each);
  }
  const running = instrumented.ran(started.instance.exports);
  for (const index of apiFunctions(runtime)) running.add(index);
  const environment = unchanged([before.memory, before.chunks], [after.memory, after.chunks]);
  const { memory, globals } = after;
  return { memory, globals, environment, graphs, refused, loading, running };
}

async function createSessions(started: StartedRuntime, freezable: readonly Freezable[]) {
  const graphs: Captured['graphs'][number][] = [];
  const refused = new Map<Freezable, string>();
  for (const source of freezable) {
    try {
      const loaded = await createSession(started, source.bytes);
      const expected = [...source.spec.inputs, ...source.spec.outputs].map(({ name }) => name).join(', ');
      const received = [...loaded.inputs, ...loaded.outputs].map(({ name }) => name).join(', ');
      if (expected !== received) throw new Error(`expected tensors ${expected}, received ${received}`);
      graphs.push({ ...loaded, sha256: source.sha256, source });
    } catch (error) {
      refused.set(source, error instanceof Error ? error.message : String(error));
    }
  }
  return { graphs, refused };
}

/** What a Worker that loads graphs does besides: it releases them, and some cannot be loaded. */
async function exerciseLoading(started: StartedRuntime, freezable: readonly Freezable[]): Promise<void> {
  for (const { bytes } of freezable) {
    for (const each of [bytes, bytes.subarray(0, bytes.length / 2), bytes.subarray(0, 4)]) {
      const loaded = await createSession(started, each).catch(() => undefined);
      if (loaded) releaseSession(started, loaded);
    }
  }
}

/** The memory now, with zeros for what is free. */
function memoryOf(
  { instance, module }: StartedRuntime,
  instrumented: Instrumented,
  graphs: readonly FrozenGraph[],
) {
  const globals = instrumented.globals(instance.exports);
  const known = graphs.flatMap(({ session, inputs }) => [session, ...inputs.map(({ address }) => address)]);
  const mark = module._malloc(1);
  const { buffer } = instance.memory;
  const chunks = chunksOf(buffer, [...globals.values()].map(Number), [...known, mark]);
  clearFree(buffer, chunks);
  module._free(mark);
  return { globals, chunks, memory: new Uint8Array(buffer).slice() };
}

/** Runs a case for what it makes run; onnxruntime may refuse it. */
function attempt(
  { instance }: StartedRuntime,
  graph: Captured['graphs'][number],
  { label, inputs, outputs }: Case,
): void {
  try {
    runGraph(instance, graph, inputs, outputs);
  } catch (cause) {
    if (!(cause instanceof TrapError)) return;
    throw new Error(`${graph.source.label}, ${label}: onnxruntime itself stopped`, { cause });
  }
}

/** Functions of the C API stay, whether or not the workload needs them. */
function apiFunctions({ wasm, layout }: RuntimePackage): number[] {
  const names = new Set(Object.values(layout.api));
  return parseModule(wasm)
    .exports.filter(({ name }) => names.has(name))
    .map(({ index }) => index);
}
