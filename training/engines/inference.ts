/** Inference with finished models: natively, and in the WASM build that the Worker uses. */
import * as native from 'onnxruntime-node';
import * as wasm from 'onnxruntime-web/wasm';
import { sessionSource } from '../../shared/sessionOptions.ts';
import { type Matrix, type NumberTensor, type Tensors, tensorOf } from '../../shared/tensor.ts';
import type { Feed } from './feeds.ts';

/** Tensors by output name; no graph outputs strings. */
export type OutputTensors = Readonly<Record<string, NumberTensor>>;

export interface InferenceModel {
  /**
   * Runs a model whose first input is a float32 matrix; `others` gives further inputs by name. Outputs are
   * row-major float32.
   */
  readonly run: (
    rows: Matrix,
    others?: ReadonlyMap<string, Feed>,
  ) => Promise<Readonly<Record<string, Float32Array<ArrayBuffer>>>>;
  /** Runs any model. */
  readonly runTensors: (inputs: Tensors) => Promise<OutputTensors>;
  readonly release: () => Promise<void>;
}

/** Versions of the runtimes, for the manifest. */
export const RUNTIME_VERSIONS = {
  'onnxruntime-node': native.env.versions.node!,
  'onnxruntime-web': wasm.env.versions.web!,
};

export type OpenModel = (model: Uint8Array) => Promise<InferenceModel>;

/** Opens a model in onnxruntime-node. */
export const openNative: OpenModel = async (model) =>
  inferenceModel(await nativeSession(model), native.Tensor);

/** Returns the outputs of a model without inputs, computed by onnxruntime-node. */
export async function evaluateOnce(model: Uint8Array): Promise<Record<string, NumberTensor>> {
  const session = await nativeSession(model);
  const outputs = await session.run({});
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type: dtype, dims: shape, data }]) => {
      return [name, { dtype, shape, data } as NumberTensor];
    }),
  );
}

/** Bytes of a model below which starting threads takes longer than they save. */
const SMALL = 2 ** 18;

function nativeSession(model: Uint8Array): Promise<native.InferenceSession> {
  const single = model.length < SMALL && { intraOpNumThreads: 1, interOpNumThreads: 1 };
  return native.InferenceSession.create(model, { logSeverityLevel: 3, ...single });
}

/** Opens a model in onnxruntime-web's WASM build with one thread, as in the Worker. */
export const openWasm: OpenModel = async (model) => {
  wasm.env.wasm.numThreads = 1;
  const [graph, options] = sessionSource(model);
  const session = await wasm.InferenceSession.create(graph, { ...options, logSeverityLevel: 3 });
  return inferenceModel(session, wasm.Tensor);
};

/** `Tensor` is the class of the session's runtime. */
function inferenceModel(session: native.InferenceSession, Tensor: typeof native.Tensor): InferenceModel {
  const runTensors = async (inputs: Tensors): Promise<OutputTensors> => {
    const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => {
      return [name, new Tensor(dtype, data, [...shape])] as const;
    });
    const outputs = Object.entries(await session.run(Object.fromEntries(feeds)));
    // Both runtimes return results in fresh arrays.
    return Object.fromEntries(
      outputs.map(([name, { type, data, dims }]) => [
        name,
        { dtype: type, data, shape: dims } as NumberTensor,
      ]),
    );
  };
  const [first] = session.inputNames;
  return {
    runTensors,
    run: async (rows, others = new Map()) => {
      const feeds = [...others].map(([name, feed]) => [name, { dtype: 'float32', ...feed }] as const);
      const outputs = await runTensors({ [first!]: tensorOf(rows), ...Object.fromEntries(feeds) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data: values }]) => [
          name,
          values as Float32Array<ArrayBuffer>,
        ]),
      );
    },
    release: () => session.release(),
  };
}
