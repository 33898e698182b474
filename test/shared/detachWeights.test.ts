import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { detachWeights } from '../../shared/detachWeights.ts';
import { toOnnx } from '../../training/graph/onnx.ts';
import { gemm } from '../../training/graph/ops/gemm.ts';
import { input, variable } from '../../training/graph/value.ts';
import { onnxModel } from '../support/training/onnxModel.ts';

const WIDTH = 40;
const weight = variable(
  'weight',
  [WIDTH, WIDTH],
  Float32Array.from({ length: WIDTH ** 2 }, (_, i) => Math.sin(i)),
);
const bias = variable(
  'bias',
  [WIDTH],
  Float32Array.from({ length: WIDTH }, (_, i) => i),
);
const rows = input('rows', ['N', WIDTH]);
const model = toOnnx({
  name: 'g',
  inputs: [rows],
  outputs: { y: gemm(rows, weight, { bias }) },
  weights: new Map([weight, bias].map(({ name, initial }) => [name, initial] as const)),
});

async function answer(bytes: Uint8Array, options: ort.InferenceSession.SessionOptions = {}) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], ...options });
  const data = Float32Array.from({ length: WIDTH }, (_, i) => Math.cos(i));
  const { y } = await session.run({ rows: new ort.Tensor('float32', data, [1, WIDTH]) });
  await session.release();
  return y!.data;
}

describe('detachWeights', () => {
  it('leaves a model that is small and gives the same answers with the original beside it', async () => {
    const detached = detachWeights(model, 'g');
    expect(detached.length).toBeLessThan(model.length - 4 * WIDTH ** 2 + 100);
    const externalData = [{ path: 'g', data: model }];
    expect(await answer(detached, { externalData })).toEqual(await answer(model));
  });

  it('leaves a model alone in which there is nothing large', () => {
    const small = onnxModel({
      inputs: { rows: ['N', 2] },
      outputs: { y: ['N', 2] },
      weights: { w: { shape: [2, 2], data: [1, 2, 3, 4] } },
      nodes: [['Gemm', ['rows', 'w'], ['y']]],
    });
    expect(detachWeights(small, 'g')).toEqual(Uint8Array.from(small));
  });

  it.each([
    ['is cut off', model.subarray(0, model.length - 10)],
    ['is no protobuf', new TextEncoder().encode('<html></html>')],
    ['ends in a number', Uint8Array.of(8, 200)],
  ])('refuses what %s', (_, bytes) => {
    expect(() => detachWeights(bytes, 'g')).toThrow(/it is not an ONNX file/);
  });
});
