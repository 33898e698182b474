import { describe, expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { measureParity, PARITY_TOLERANCE } from '../../../training/artifact/parity.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { constant } from '../../../training/graph/value.ts';
import type { Autoencoder } from '../../../training/models/model.ts';

const FEATURES = 400;

/** A linear model with one weight per feature, and its transpose as decoder. */
function linear(weights: Float32Array): Autoencoder {
  const weight = constant({ dtype: 'float32', shape: [FEATURES, 1], data: weights });
  const encode: Autoencoder['encode'] = (rows) => gemm(rows, weight);
  const decode: Autoencoder['decode'] = (code) => gemm(code, weight, { transB: true });
  return { codeSize: 1, lossName: 'mse', encode, decode, step: () => expect.unreachable('not trained') };
}

/** Rows of random numbers up to `scale`, each number twice in a row. */
function pairs(rowCount: number, scale: number): Matrix {
  const source = random(1, 'pairs');
  const data = new Float32Array(rowCount * FEATURES);
  for (let i = 0; i < data.length; i += 2) data.fill(scale * source.uniform(), i, i + 2);
  return { data, rowCount, width: FEATURES };
}

describe('measureParity', () => {
  it('accepts rows in raw units, far above 1, within the precision of float32', async () => {
    const weights = Float32Array.from({ length: FEATURES }, (_, i) => 0.01 + i / 1e5);
    const graphs = await exportGraphs(linear(weights), FEATURES, new Map());
    const parity = await measureParity(graphs, pairs(70, 100_000));
    expect(parity.maxAbsDifference).toBeGreaterThan(PARITY_TOLERANCE);
    expect(parity.maxScaledDifference).toBeLessThanOrEqual(PARITY_TOLERANCE);
    expect(parity).toMatchObject({ rows: 70, batchSizes: [1, 64], tolerance: PARITY_TOLERANCE });
  });

  it('refuses a model that the WASM runtime does not reproduce', async () => {
    // Every pair cancels, so the code is only rounding error, and the two runtimes round differently: native code
    // multiplies and adds in one step, WASM in two.
    const weights = Float32Array.from(
      { length: FEATURES },
      (_, i) => (i % 2 === 0 ? 1 : -1) / (3 + (i >> 1)),
    );
    const graphs = await exportGraphs(linear(weights), FEATURES, new Map());
    const measuring = measureParity(graphs, pairs(70, 100_000));
    await expect(measuring).rejects.toThrow(GateError);
    await expect(measuring).rejects.toThrow(
      /^parity: onnxruntime-node and WASM disagree on 'code' of encoder\.onnx at batch size 1: expected .* received /,
    );
  });
});
