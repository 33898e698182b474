import { describe, expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { exportGraph, exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { measureParity, PARITY_TOLERANCE } from '../../../training/artifact/parity.ts';
import { mul } from '../../../training/graph/ops/arithmetic.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { constant, input, scalar } from '../../../training/graph/value.ts';
import { errorsOf, reconstructionOf } from '../../../training/models/errors.ts';
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

  describe('errors of rows far from the others', () => {
    const norm = Math.sqrt(FEATURES);
    const weights = new Float32Array(FEATURES).fill(1 / norm);

    /** Multiples of the weights, as long-tailed as Cauchy's distribution, and noise of up to 1: the error is small. */
    function longTailed(rowCount: number): Matrix {
      const source = random(2, 'long tail');
      const data = new Float32Array(rowCount * FEATURES);
      for (let row = 0; row < rowCount; row++) {
        const level = 10 * Math.tan(Math.PI * (source.uniform() - 0.5));
        for (let i = 0; i < FEATURES; i++) data[row * FEATURES + i] = level + source.uniform();
      }
      return { data, rowCount, width: FEATURES };
    }

    /** The outputs `error` and `feature_error` alone, of a model whose reconstruction is multiplied by `factor`. */
    async function errorsGraph(model: Autoencoder, factor = 1) {
      const rows = input('rows', ['N', FEATURES]);
      const { rowError, featureError } = errorsOf(
        mul(reconstructionOf(model, rows), scalar(factor)),
        rows,
        model,
      );
      const outputs = { error: rowError, feature_error: featureError };
      return { autoencoder: await exportGraph({ name: 'autoencoder', inputs: [rows], outputs }) };
    }

    it('are accepted within the rounding of the numbers that they are the difference of', async () => {
      const rows = longTailed(500);
      const largest = rows.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeGreaterThan(1000);
      const parity = await measureParity(await exportGraphs(linear(weights), FEATURES, new Map()), rows);
      expect(parity.maxScaledDifference).toBeLessThanOrEqual(PARITY_TOLERANCE);
      // More than the tolerance for errors by themselves, none of which is above 1.
      expect(
        (await measureParity(await errorsGraph(linear(weights)), rows)).maxAbsDifference,
      ).toBeGreaterThan(2 * PARITY_TOLERANCE);
    });

    it('are refused if the reconstruction differs by more', async () => {
      // As in the test above, the code is rounding error alone; the reconstruction is some thousand times as large.
      const cancelling = Float32Array.from(
        { length: FEATURES },
        (_, i) => (i % 2 === 0 ? 1 : -1) / (3 + (i >> 1)),
      );
      const measuring = async (factor: number) =>
        measureParity(await errorsGraph(linear(cancelling), factor), pairs(70, 100_000));
      await expect(measuring(1e5)).rejects.toThrow(
        /^parity: onnxruntime-node and WASM disagree on 'feature_error' of autoencoder\.onnx/,
      );
    });
  });
});
