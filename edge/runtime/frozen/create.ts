/**
 * Starting onnxruntime-web and loading graphs through its C API: at build time, and in a Worker with the slim
 * runtime.
 */
import { detachWeights } from '../../../shared/detachWeights.ts';
import { type ApiNames, type Factory, type Instance, instanceOf } from './instance.ts';
import type { LoadedGraph, LoadedTensor } from './loadedGraph.ts';
import { ELEMENT, lastError, textAt, wordsOf } from './tensors.ts';

/** Functions of Emscripten's module for creating sessions. */
export interface EmscriptenModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  _OrtInit(threads: number, logLevel: number): number;
  _OrtCreateSessionOptions(...values: number[]): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number | Promise<number>;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputs: number, outputs: number): number;
  _OrtGetInputOutputMetadata(session: number, index: number, name: number, metadata: number): number;
  _OrtFree(address: number): void;
  mountExternalData(path: string, data: Uint8Array): void;
  unmountExternalData(): void;
}

export interface StartedRuntime {
  readonly module: EmscriptenModule;
  readonly instance: Instance;
}

/** The minified names in a build of onnxruntime-web. */
export interface RuntimeLayout {
  /** Module and name of the imported memory. */
  readonly memory: readonly [string, string];
  readonly api: ApiNames;
}

/** Log level: errors below it are reported by the calls themselves. */
const FATAL = 4;
const [ALL_OPTIMIZATIONS, NO, SEQUENTIAL] = [99, 0, 0];

/** Starts the runtime with one thread. @throws {Error} if it does not start. */
export async function startRuntime(
  factory: Factory<EmscriptenModule>,
  compiled: WebAssembly.Module,
  { memory: [from, name], api }: RuntimeLayout,
): Promise<StartedRuntime> {
  let instance: Instance | undefined;
  const module = await factory({
    numThreads: 1,
    instantiateWasm(imports, done) {
      const wasm = new WebAssembly.Instance(compiled, imports);
      instance = instanceOf(wasm.exports, imports[from]![name] as WebAssembly.Memory, api);
      done(wasm, compiled);
      return wasm.exports;
    },
  });
  if (module._OrtInit(1, FATAL) !== 0) throw new Error(`onnxruntime does not start: ${lastError(instance!)}`);
  return { module, instance: instance! };
}

/**
 * Loads a graph.
 *
 * It has neither a memory arena nor memory patterns, both of which keep what the largest batch needed: what a
 * run allocates is freed after it.
 * @throws {Error} with onnxruntime's reason if it refuses the graph.
 */
export async function createSession(started: StartedRuntime, graph: Uint8Array): Promise<LoadedGraph> {
  const { module, instance } = started;
  const model = detachWeights(graph, 'graph');
  const options = module._OrtCreateSessionOptions(
    ...[ALL_OPTIMIZATIONS, NO, NO, SEQUENTIAL, NO, 0, 0, FATAL, 0, 0],
  );
  const address = module._malloc(model.length) >>> 0;
  new Uint8Array(instance.memory.buffer).set(model, address);
  module.mountExternalData('graph', graph);
  try {
    const session = (await module._OrtCreateSession(address, model.length, options)) >>> 0;
    if (session === 0) throw new Error(`OrtCreateSession: ${lastError(instance)}`);
    return { session, ...tensorsOf(started, session) };
  } finally {
    module.unmountExternalData();
    module._OrtReleaseSessionOptions(options);
    module._free(address);
  }
}

/** Frees a session and the names of its tensors. */
export function releaseSession({ module }: StartedRuntime, { session, inputs, outputs }: LoadedGraph): void {
  for (const { address } of [...inputs, ...outputs]) module._OrtFree(address);
  module._OrtReleaseSession(session);
}

function tensorsOf(
  { module, instance }: StartedRuntime,
  session: number,
): Pick<LoadedGraph, 'inputs' | 'outputs'> {
  const answers = module._malloc(8) >>> 0;
  const answer = (index: number): number => wordsOf(instance)[(answers >>> 2) + index]!;
  const check = (code: number): void => {
    if (code !== 0) throw new Error(`the graph's tensors: ${lastError(instance)}`);
  };
  check(module._OrtGetInputOutputCount(session, answers, answers + 4));
  const [inputs, outputs] = [answer(0), answer(1)];
  const tensors = Array.from({ length: inputs + outputs }, (_, index): LoadedTensor => {
    check(module._OrtGetInputOutputMetadata(session, index, answers, answers + 4));
    const [address, metadata] = [answer(0), answer(1)];
    const element = wordsOf(instance)[metadata >>> 2];
    module._OrtFree(metadata);
    const dtype = DTYPES.find((each) => ELEMENT[each] === element);
    const name = textAt(instance, address);
    if (dtype) return { name, address, dtype };
    throw new Error(`tensor ${name}: expected ${DTYPES.join(', ')}, received element type ${element}`);
  });
  module._free(answers);
  return { inputs: tensors.slice(0, inputs), outputs: tensors.slice(inputs) };
}

const DTYPES = Object.keys(ELEMENT) as (keyof typeof ELEMENT)[];
