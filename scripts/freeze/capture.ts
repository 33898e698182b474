/** onnxruntime-web initialised and with its sessions, as memory; and which of its functions running them takes. */
import type { FrozenGraph } from '../../edge/runtime/frozen/image.ts';
import { runGraph, TrapError } from '../../edge/runtime/frozen/run.ts';
import type { Freezable } from './graphs.ts';
import { chunksOf, clearFree } from './heap.ts';
import type { RuntimePackage } from './package.ts';
import { createSession, intern, type Started, startRuntime } from './start.ts';
import { instrument } from './wasm/instrument.ts';
import { parseModule } from './wasm/module.ts';
import { type Case, casesOf, type Workload } from './workload.ts';

export interface Captured {
  /** A copy of the whole memory. */
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly globals: ReadonlyMap<number, number | bigint>;
  /** By sha256. */
  readonly graphs: Readonly<Record<string, FrozenGraph>>;
  /** Why onnxruntime does not load a graph, by its sha256. */
  readonly refused: ReadonlyMap<string, string>;
  /** What running the graphs takes, by index. */
  readonly ran: ReadonlySet<number>;
}

/** @throws {Error} where the runtime does not start, or a run ends it. */
export async function capture(
  runtime: RuntimePackage,
  freezable: readonly Freezable[],
  workload: Workload,
): Promise<Captured> {
  const instrumented = instrument(runtime.wasm);
  const started = await startRuntime(
    runtime.factory,
    await WebAssembly.compile(instrumented.bytes),
    runtime.layout,
  );
  const { instance, wasm } = started;
  const { graphs, refused } = await createSessions(started, freezable);
  const globals = instrumented.globals(wasm);
  const addresses = Object.values(graphs).flatMap(({ session, inputs }) => [
    session,
    ...inputs.map(({ address }) => address),
  ]);
  const chunks = chunksOf(instance.memory.buffer, [...globals.values()].map(Number), addresses);
  clearFree(instance.memory.buffer, chunks);
  const memory = new Uint8Array(instance.memory.buffer).slice();
  instrumented.ran(wasm);
  for (const graph of freezable) {
    const frozen = graphs[graph.sha256];
    if (!frozen) continue;
    for (const each of casesOf(graph, workload)) attempt(started, graph, frozen, each);
  }
  const ran = instrumented.ran(wasm);
  for (const index of apiFunctions(runtime)) ran.add(index);
  return { memory, globals, graphs, refused, ran };
}

async function createSessions(started: Started, freezable: readonly Freezable[]) {
  const graphs: Record<string, FrozenGraph> = {};
  const refused = new Map<string, string>();
  for (const { sha256, bytes, spec } of freezable) {
    try {
      const session = await createSession(started, bytes);
      const tensors = (specs: typeof spec.inputs) =>
        specs.map(({ name, dtype }) => ({ name, dtype, address: intern(started, name) }));
      graphs[sha256] = { session, inputs: tensors(spec.inputs), outputs: tensors(spec.outputs) };
    } catch (error) {
      refused.set(sha256, error instanceof Error ? error.message : String(error));
    }
  }
  return { graphs, refused };
}

/** Runs a case for what it makes run; onnxruntime may refuse it. */
function attempt(
  { instance }: Started,
  graph: Freezable,
  frozen: FrozenGraph,
  { label, inputs, outputs }: Case,
): void {
  try {
    runGraph(instance, frozen, inputs, outputs);
  } catch (error) {
    if (error instanceof TrapError)
      throw new Error(`${graph.label}, ${label}: onnxruntime itself stopped`, { cause: error });
  }
}

/** Functions of the C API stay, whether or not the workload needs them. */
function apiFunctions({ wasm, layout }: RuntimePackage): number[] {
  const names = new Set(Object.values(layout.api));
  return parseModule(wasm)
    .exports.filter(({ name }) => names.has(name))
    .map(({ index }) => index);
}
