/**
 * The memory of onnxruntime-web once it has started and loaded its sessions, and the functions that this and
 * runs call.
 */
import {
  createSession,
  releaseSession,
  type StartedRuntime,
  startRuntime,
} from '../../edge/runtime/frozen/create.ts';
import type { FrozenGraph } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { type Chunk, chunksOf, clearFree, unchanged } from './heap.ts';
import type { RuntimePackage } from './runtimePackage.ts';
import { type Instrumented, instrument } from './wasm/instrument.ts';
import { parseModule } from './wasm/module.ts';
import { casesOf, type Workload, type WorkloadCase } from './workload.ts';

export interface CapturedRuntime {
  /** A copy of the whole memory. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Values of the mutable globals, by index. */
  readonly globals: ReadonlyMap<number, number | bigint>;
  /** Allocations of onnxruntime itself, as opposed to those of sessions. */
  readonly environment: readonly Chunk[];
  readonly graphs: readonly (FrozenGraph & { readonly source: FreezableGraph })[];
  /** Graphs that were left out, with the reason. */
  readonly refused: ReadonlyMap<FreezableGraph, string>;
  /** Indices of the functions that loading and releasing graphs calls. */
  readonly loading: ReadonlySet<number>;
  /** Indices of the functions that running graphs calls. */
  readonly running: ReadonlySet<number>;
}

/**
 * Starts the runtime, loads the graphs, runs the workload, and captures the memory as it was before the first
 * run.
 * @throws {Error} if the runtime does not start, or a run ends in a trap.
 */
export async function capture(
  runtime: RuntimePackage,
  freezable: readonly FreezableGraph[],
  workload: Workload,
): Promise<CapturedRuntime> {
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

async function createSessions(started: StartedRuntime, freezable: readonly FreezableGraph[]) {
  const graphs: CapturedRuntime['graphs'][number][] = [];
  const refused = new Map<FreezableGraph, string>();
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

/**
 * Exercises the other functions of a Worker that loads graphs: it releases sessions, and refuses damaged
 * graphs.
 */
async function exerciseLoading(started: StartedRuntime, freezable: readonly FreezableGraph[]): Promise<void> {
  for (const { bytes } of freezable) {
    for (const each of [bytes, bytes.subarray(0, bytes.length / 2), bytes.subarray(0, 4)]) {
      const loaded = await createSession(started, each).catch(() => undefined);
      if (loaded) releaseSession(started, loaded);
    }
  }
}

/** Copies the memory, with zeros in free chunks. */
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

/** Runs a case for the functions that it calls. onnxruntime may refuse it. */
function attempt(
  { instance }: StartedRuntime,
  graph: CapturedRuntime['graphs'][number],
  { label, inputs, outputs }: WorkloadCase,
): void {
  try {
    runGraph(instance, graph, inputs, outputs);
  } catch (cause) {
    if (!(cause instanceof TrapError)) return;
    throw new Error(`${graph.source.label}, ${label}: onnxruntime ended in a trap`, { cause });
  }
}

/** Indices of the functions of the C API, which are kept even if the workload does not call them. */
function apiFunctions({ wasm, layout }: RuntimePackage): number[] {
  const names = new Set(Object.values(layout.api));
  return parseModule(wasm)
    .exports.filter(({ name }) => names.has(name))
    .map(({ index }) => index);
}
