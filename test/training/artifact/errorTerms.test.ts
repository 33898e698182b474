import { expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import { openErrorTerms } from '../../../training/artifact/errorTerms.ts';
import { exportGraph, exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { fedBatches } from '../../../training/artifact/parity.ts';
import { requireSameAnswers } from '../../../training/artifact/preprocessingParity.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { log, square } from '../../../training/graph/ops/powers.ts';
import { constant, input } from '../../../training/graph/value.ts';
import type { Autoencoder } from '../../../training/models/model.ts';

/** Keeps the first of two numbers up to a factor, and reconstructs the second as 0. */
function scaling(factor: number, missing = false): Autoencoder {
  const matrix = (data: number[], shape: number[]) =>
    constant({ dtype: 'float32', shape, data: Float32Array.from(data) });
  const [down, up] = [matrix([factor, 0], [2, 1]), matrix([1, 0], [1, 2])];
  return {
    ...{ codeSize: 1, lossName: 'mse', missing },
    encode: (rows) => gemm(rows, down),
    decode: (code) => gemm(code, up),
    step: () => expect.unreachable('not trained'),
  };
}

const rows = { data: Float32Array.of(1000, 3, -8, 0.5), rowCount: 2, width: 2 };
const [inputs] = fedBatches(rows, 2);

it('terms are |a - b| (|a| + |b|) in place of (a - b)^2, summed and averaged as the errors are', async () => {
  const graphs = await exportGraphs(scaling(0.5), 2, new Map());
  const terms = await openErrorTerms(graphs.autoencoder.model);
  const { error, feature_error: ofFeatures, ...others } = await terms.of(inputs!);
  await terms.release();
  // 1000 is reconstructed as 500, and 3 as 0.
  expect([...ofFeatures!.data]).toEqual([500 * 1500, 3 * 3, 4 * 12, 0.5 * 0.5]);
  expect([...error!.data]).toEqual([(500 * 1500 + 9) / 2, (48 + 0.25) / 2]);
  expect(others).toEqual({});
});

it('missing values have none', async () => {
  const graphs = await exportGraphs(scaling(0.5, true), 2, new Map());
  const terms = await openErrorTerms(graphs.autoencoder.model);
  const [holed] = fedBatches({ data: Float32Array.of(8, Number.NaN), rowCount: 1, width: 2 }, 1);
  const { error, feature_error: ofFeatures } = await terms.of(holed!);
  await terms.release();
  expect([...ofFeatures!.data][1]).toBe(0);
  expect(Number(error!.data[0])).toBe(Number(ofFeatures!.data[0]));
});

it('outputs that are not sums of squared differences have none', async () => {
  const x = input('rows', ['N', 2]);
  const graph = await exportGraph({
    name: 'other',
    inputs: [x],
    outputs: { squares: square(x), logs: log(square(x)) },
  });
  const terms = await openErrorTerms(graph.model);
  expect(await terms.of(inputs!)).toEqual({});
  await terms.release();
});

it('an error of large numbers may differ by their rounding, and by no more', async () => {
  const far = { data: Float32Array.of(100_000, 0.5, -3, 1), rowCount: 2, width: 2 };
  const graphsOf = async (factor: number) => exportGraphs(scaling(factor), 2, new Map());
  const core = { graphs: await graphsOf(0.9999), rows: far };
  const gate = async (factor: number) => {
    const { encoder } = core.graphs;
    const { autoencoder } = await graphsOf(factor);
    const graphs = { ...core.graphs, encoder, autoencoder };
    await requireSameAnswers({ graphs, rows: (_, size) => fedBatches(far, size) }, core, 1e-5);
  };
  // The error of the first row is 10^2 / 2. Another float32 next to the factor changes it by 1e-4 of that.
  await gate(0.9999 + 2 ** -24);
  await expect(gate(0.9999 + 2e-5)).rejects.toThrow(GateError);
  await expect(gate(0.9999 + 2e-5)).rejects.toThrow(/^preprocessing: 'error' of autoencoder\.onnx/);
});
