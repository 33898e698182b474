/** The memory of onnxruntime-web once it has started and loaded its sessions. */
import { createHash } from 'node:crypto';
import {
  createSession,
  releaseSession,
  type StartedRuntime,
  startRuntime,
} from '../../edge/runtime/frozen/create.ts';
import type { FrozenGraph } from '../../edge/runtime/frozen/image.ts';
import { toOnnx } from '../../training/graph/onnx.ts';
import { identityOp } from '../../training/graph/ops/identity.ts';
import { apply, input } from '../../training/graph/value.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { type Chunk, chunksOf, clearFree, endOf, unchanged } from './heap.ts';
import type { RuntimePackage } from './runtimePackage.ts';
import { type Instrumented, instrument } from './wasm/instrument.ts';

/** A runtime with sessions, as it is before the first run. */
export interface CapturedMemory {
  /** A copy of the whole memory. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Values of the mutable globals, by index. */
  readonly globals: ReadonlyMap<number, number | bigint>;
  /** Allocations of onnxruntime itself, as opposed to those of sessions. */
  readonly environment: readonly Chunk[];
  /**
   * Hash of the memory before the first session. Runtimes with the same one have the same environment at the same
   * addresses, whatever graphs they load.
   */
  readonly environmentHash: string;
  readonly graphs: readonly (FrozenGraph & { readonly source: FreezableGraph })[];
  /** Graphs that were left out, with the reason. */
  readonly refused: ReadonlyMap<FreezableGraph, string>;
}

export interface CapturedRuntime {
  readonly started: StartedRuntime;
  readonly instrumented: Instrumented;
  readonly captured: CapturedMemory;
}

/**
 * Starts the runtime, loads the graphs, and captures the memory as it is before the first run.
 * @throws {Error} if the runtime does not start.
 */
export async function capture(
  runtime: RuntimePackage,
  freezable: readonly FreezableGraph[],
): Promise<CapturedRuntime> {
  const instrumented = instrument(runtime.wasm);
  const compiled = await WebAssembly.compile(instrumented.bytes);
  const started = await startRuntime(runtime.factory, compiled, runtime.layout);
  // onnxruntime completes its environment when it creates the first session.
  releaseSession(started, await createSession(started, smallestGraph()));
  const before = memoryOf(started, instrumented, []);
  const environmentHash = createHash('sha256').update(before.memory).digest('hex');
  const { graphs, refused } = await createSessions(started, freezable);
  const after = memoryOf(started, instrumented, graphs);
  const environment = unchanged([before.memory, before.chunks], [after.memory, after.chunks]);
  const { memory, globals } = after;
  const captured = { memory, globals, environment, environmentHash, graphs, refused };
  return { started, instrumented, captured };
}

/** A graph that returns its input. */
function smallestGraph(): Uint8Array {
  const rows = input('rows', ['N', 1]);
  return toOnnx({ name: 'smallest', inputs: [rows], outputs: { same: apply(identityOp, [rows]) } });
}

async function createSessions(started: StartedRuntime, freezable: readonly FreezableGraph[]) {
  const graphs: CapturedMemory['graphs'][number][] = [];
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
 * Copies the memory up to the end of the heap, with zeros in free chunks. Emscripten has it grow by a fifth at least, and
 * again when the heap does.
 */
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
  return { globals, chunks, memory: new Uint8Array(buffer).slice(0, endOf(chunks)) };
}
