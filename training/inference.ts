/** Running finished models: natively, and in the WASM build that the Worker uses. */
import * as native from 'onnxruntime-node';
import * as wasm from 'onnxruntime-web/wasm';
import type { Matrix } from '../shared/tensor.ts';
import type { Feed } from './engines/feeds.ts';
import type { Tensor } from './graph/types.ts';

/** A loaded model whose first input is a float32 matrix, and others if any by name; its outputs are row-major float32. */
export interface InferenceModel {
  readonly run: (
    rows: Matrix,
    others?: ReadonlyMap<string, Feed>,
  ) => Promise<Readonly<Record<string, Float32Array<ArrayBuffer>>>>;
  readonly release: () => Promise<void>;
}

/** What runs the models, for the manifest. */
export const RUNTIME_VERSIONS = {
  'onnxruntime-node': native.env.versions.node!,
  'onnxruntime-web': wasm.env.versions.web!,
};

export type OpenModel = (model: Uint8Array) => Promise<InferenceModel>;

/** The model in onnxruntime-node. */
export const openNative: OpenModel = async (model) => {
  const session = await native.InferenceSession.create(model, { logSeverityLevel: 3 });
  const input = session.inputNames[0]!;
  return {
    run: async (rows, others) =>
      float32Outputs(await session.run(feedsOf(native.Tensor, input, rows, others))),
    release: () => session.release(),
  };
};

/** What a model without inputs answers, by onnxruntime-node. */
export async function evaluateOnce(model: Uint8Array): Promise<Record<string, Tensor>> {
  const session = await native.InferenceSession.create(model, { logSeverityLevel: 3 });
  const outputs = await session.run({});
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type: dtype, dims: shape, data }]) => {
      return [name, { dtype, shape, data } as Tensor];
    }),
  );
}

/** The model in onnxruntime-web's WASM build, one thread, as in the Worker. */
export const openWasm: OpenModel = async (model) => {
  wasm.env.wasm.numThreads = 1;
  const session = await wasm.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
  const input = session.inputNames[0]!;
  return {
    run: async (rows, others) => float32Outputs(await session.run(feedsOf(wasm.Tensor, input, rows, others))),
    release: () => session.release(),
  };
};

/** The tensors of one run, made by the runtime that takes them. */
function feedsOf(
  Tensor: typeof native.Tensor,
  input: string,
  { data, rowCount, width }: Matrix,
  others: ReadonlyMap<string, Feed> = new Map(),
): Record<string, native.Tensor> {
  const feeds: Record<string, native.Tensor> = { [input]: new Tensor('float32', data, [rowCount, width]) };
  for (const [name, feed] of others) feeds[name] = new Tensor('float32', feed.data, [...feed.shape]);
  return feeds;
}

function float32Outputs(
  outputs: native.InferenceSession.OnnxValueMapType,
): Record<string, Float32Array<ArrayBuffer>> {
  // Both runtimes copy results into arrays of their own.
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array<ArrayBuffer>]),
  );
}
