/**
 * A Worker that runs the encoder of its first model with onnxruntime-web itself, as the reference for the
 * other runtimes.
 */
import models from 'latentedge:models';
import * as ort from 'onnxruntime-web/wasm';
import { WASM_PLACEHOLDER, withWasmModule } from '../../../../../../edge/runtime/wasmModule.ts';
import { Manifest } from '../../../../../../shared/manifest.ts';
import { repeatedly } from '../repeatedly.ts';

const { count: width } = Manifest.parse(models[0]!.manifest).features;

function open(): Promise<ort.InferenceSession> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = WASM_PLACEHOLDER;
  return withWasmModule(() => ort.InferenceSession.create(new Uint8Array(models[0]!.graphs.encoder!)));
}

let opened: Promise<ort.InferenceSession> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    opened ??= open();
    const session = await opened;
    return repeatedly(request, width, (rows, batch) =>
      session.run({ rows: new ort.Tensor('float32', rows, [batch, width]) }, ['code']),
    );
  },
};
