/** Sessions of the unmodified onnxruntime-web, on its WebAssembly CPU backend. */
import * as ort from 'onnxruntime-web/wasm';
import { sessionSource } from '../../shared/sessionOptions.ts';
import type { NumberTensor, Tensors } from '../../shared/tensor.ts';
import { serialQueue } from './queue.ts';
import type { OpenSession, Session } from './session.ts';
import { WASM_PLACEHOLDER, withWasmModule } from './wasmModule.ts';

/**
 * All sessions share one WebAssembly instance, with one memory and one stack, and `run` awaits between the
 * steps that use them: overlapping calls would overwrite each other's arguments.
 */
const runtime = serialQueue();

/**
 * Loads ONNX bytes into onnxruntime-web. The first call also starts the runtime, about 14 MB of WebAssembly.
 * @throws {Error} if the runtime does not start or refuses the graph.
 *
 * @example
 * const session = await openOnnxSession(new Uint8Array(encoder));
 */
export const openOnnxSession: OpenSession = (graph) =>
  runtime(async () => {
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmBinary = WASM_PLACEHOLDER;
    return sessionOf(await withWasmModule(() => ort.InferenceSession.create(...sessionSource(graph))));
  });

/** Separate from its caller, so that the closures of the session do not keep the graph's bytes in memory. */
function sessionOf(session: ort.InferenceSession): Session {
  const run: Session['run'] = (inputs, outputs, started) =>
    runtime(() => {
      started?.();
      return runSession(session, inputs, outputs);
    });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run,
    release: () => runtime(() => session.release()),
  };
}

async function runSession<Output extends string>(
  session: ort.InferenceSession,
  inputs: Tensors,
  outputs: readonly Output[],
): Promise<Record<Output, NumberTensor>> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, { dtype, data, shape }] of Object.entries(inputs)) {
    feeds[name] = new ort.Tensor(dtype, data, shape);
  }
  const results = await session.run(feeds, outputs);
  const entries = outputs.map((name) => [name, numberTensor(name, results[name])]);
  for (const tensor of [...Object.values(feeds), ...Object.values(results)]) tensor.dispose();
  // Object.fromEntries forgets the key type; the entries were made from `outputs`.
  return Object.fromEntries(entries) as Record<Output, NumberTensor>;
}

/** Returns a result without a copy: the runtime has already copied it out of the WebAssembly memory. */
function numberTensor(name: string, tensor: ort.Tensor | undefined): NumberTensor {
  const { type: dtype, data, dims: shape } = tensor ?? {};
  if (dtype === 'float32' || dtype === 'int64') return { dtype, data, shape } as NumberTensor;
  throw new Error(`output ${name}: expected float32 or int64, received ${dtype ?? 'nothing'}`);
}
