/** Observing the graphs of one model: the code and data that their runs use. */
import { createSession, releaseSession, type StartedRuntime } from '../../edge/runtime/frozen/create.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import { type CapturedMemory, capture } from './capture.ts';
import { collectGarbage } from './collectGarbage.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { type RuntimePackage, readRuntime } from './runtimePackage.ts';
import { readChunks } from './unread.ts';
import { parseModule } from './wasm/module.ts';
import { slim } from './wasm/slim.ts';
import { casesOf, type Workload, type WorkloadCase } from './workload.ts';

export interface ObserveInput {
  /** Folder of the onnxruntime-web; undefined for the installed one. */
  readonly runtime: string | undefined;
  readonly graphs: readonly FreezableGraph[];
  readonly workload: Workload;
}

export interface Observation {
  /** Identifies the environment that `read` refers to. */
  readonly environmentHash: string;
  /** Indices of the functions that loading and releasing graphs calls. */
  readonly loading: readonly number[];
  /** Indices of the functions that running graphs calls. */
  readonly running: readonly number[];
  /** Addresses of the environment's allocations that runs read. */
  readonly read: readonly number[];
  /** Reasons why graphs cannot be loaded, by label. */
  readonly refused: Readonly<Record<string, string>>;
}

/**
 * Loads the graphs and runs the workload twice: with functions that record that they ran, then with reads that record
 * their addresses.
 * @throws {Error} if the runtime does not start, or a run ends in a trap.
 */
export async function observe({ runtime: folder, graphs, workload }: ObserveInput): Promise<Observation> {
  const runtime = await readRuntime(folder);
  const { captured, loading, running } = await exercised(runtime, graphs, workload);
  // The runtime that was exercised is not needed any more, but its memory is outside of V8's heap.
  collectGarbage();
  const { globals, environmentHash, refused } = captured;
  const { bytes: wasm } = slim(runtime.wasm, { globals, ran: running });
  const read = await readChunks(captured, wasm, runtime, workload);
  return {
    environmentHash,
    ...{ loading: [...loading], running: [...running], read },
    refused: Object.fromEntries([...refused].map(([{ label }, reason]) => [label, reason])),
  };
}

/** Captures a runtime, then has it run and load graphs. Returns the functions that this calls. */
async function exercised(runtime: RuntimePackage, freezable: readonly FreezableGraph[], workload: Workload) {
  const { started, instrumented, captured } = await capture(runtime, freezable);
  const { exports } = started.instance;
  const loading = instrumented.ran(exports);
  for (const graph of captured.graphs) {
    for (const each of casesOf(graph.source, workload)) attempt(started, graph, each);
  }
  const running = instrumented.ran(exports);
  for (const index of apiFunctions(runtime)) running.add(index);
  await exerciseLoading(started, freezable);
  for (const index of instrumented.ran(exports)) loading.add(index);
  return { captured, loading, running };
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

/** Runs a case for the functions that it calls. onnxruntime may refuse it. */
function attempt(
  { instance }: StartedRuntime,
  graph: CapturedMemory['graphs'][number],
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
