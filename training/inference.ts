/** Running finished models: natively, and in the WASM build that the Worker uses. */
import * as native from 'onnxruntime-node';
import * as wasm from 'onnxruntime-web/wasm';
import type { Matrix } from '../shared/tensor.ts';
import type { Feed } from './engines/feeds.ts';

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
    run: async ({ data, rowCount, width }, others = new Map()) => {
      const feeds: Record<string, native.Tensor> = {};
      for (const [name, feed] of others)
        feeds[name] = new native.Tensor('float32', feed.data, [...feed.shape]);
      feeds[input] = new native.Tensor('float32', data, [rowCount, width]);
      return float32Outputs(await session.run(feeds));
    },
    release: () => session.release(),
  };
};

/** The model in onnxruntime-web's WASM build, one thread, as in the Worker. */
export const openWasm: OpenModel = async (model) => {
  wasm.env.wasm.numThreads = 1;
  const session = await wasm.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
  const input = session.inputNames[0]!;
  return {
    run: async ({ data, rowCount, width }) =>
      float32Outputs(await session.run({ [input]: new wasm.Tensor('float32', data, [rowCount, width]) })),
    release: () => session.release(),
  };
};

function float32Outputs(
  outputs: native.InferenceSession.OnnxValueMapType,
): Record<string, Float32Array<ArrayBuffer>> {
  // Both runtimes copy results into arrays of their own.
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array<ArrayBuffer>]),
  );
}
