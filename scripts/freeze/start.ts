/** onnxruntime-web in this process: initialised, and with sessions. */
import type { Factory, Instance } from '../../edge/runtime/frozen/instance.ts';
import { instanceOf } from '../../edge/runtime/frozen/instance.ts';
import { lastError } from '../../edge/runtime/frozen/lastError.ts';
import { detachWeights } from '../../shared/detachWeights.ts';
import type { Layout } from './layout.ts';
import type { EmscriptenModule } from './package.ts';

export interface Started {
  readonly module: EmscriptenModule;
  readonly instance: Instance;
  readonly wasm: WebAssembly.Instance;
}

/** Errors that a session may log by itself are errors that a run answers anyway. */
const FATAL = 4;
const [ALL_OPTIMIZATIONS, NO, YES, SEQUENTIAL] = [99, 0, 1, 0];

/** Starts the runtime with one thread. */
export async function startRuntime(
  factory: Factory<EmscriptenModule>,
  compiled: WebAssembly.Module,
  { memory: [from, name], api }: Layout,
): Promise<Started> {
  let [wasm, memory] = [
    undefined as WebAssembly.Instance | undefined,
    undefined as WebAssembly.Memory | undefined,
  ];
  const module = await factory({
    numThreads: 1,
    instantiateWasm(imports, done) {
      memory = imports[from]![name] as WebAssembly.Memory;
      wasm = new WebAssembly.Instance(compiled, imports);
      done(wasm, compiled);
      return wasm.exports;
    },
  });
  const instance = instanceOf(wasm!.exports, memory!, api);
  if (module._OrtInit(1, FATAL) !== 0) throw new Error(`onnxruntime does not start: ${lastError(instance)}`);
  return { module, instance, wasm: wasm! };
}

/**
 * Loads a graph, and answers the session's address.
 *
 * Without an arena and without patterns of memory, both of which keep what the largest batches needed: what a run allocates is
 * freed after it.
 * @throws {Error} with onnxruntime's reason where it refuses the graph.
 */
export async function createSession({ module, instance }: Started, graph: Uint8Array): Promise<number> {
  const model = detachWeights(graph, 'graph');
  const options = module._OrtCreateSessionOptions(
    ALL_OPTIMIZATIONS,
    NO,
    NO,
    SEQUENTIAL,
    NO,
    0,
    0,
    FATAL,
    0,
    0,
  );
  const address = module._malloc(model.length) >>> 0;
  new Uint8Array(instance.memory.buffer).set(model, address);
  module.mountExternalData('graph', graph);
  try {
    const session = (await module._OrtCreateSession(address, model.length, options)) >>> 0;
    if (session === 0) throw new Error(lastError(instance));
    return session;
  } finally {
    module.unmountExternalData();
    module._OrtReleaseSessionOptions(options);
    module._free(address);
  }
}

/** Puts a name where it stays, and answers its address. */
export function intern({ module, instance }: Started, text: string): number {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const address = module._malloc(bytes.length) >>> 0;
  new Uint8Array(instance.memory.buffer).set(bytes, address);
  return address;
}
