/** Baselines of forecasts. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import { type AnyRows, batches } from '../../data/batches.ts';
import { linearValues } from '../../estimators/linear.ts';
import { fitRidge } from '../../estimators/ridge.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { input } from '../../graph/value.ts';
import { targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { outputsOf } from '../outputs.ts';

/** Windows in two parts: the given steps and the steps to forecast. */
interface WindowParts {
  readonly history: Matrix;
  readonly future: Matrix;
}

/** Most training rows and most test rows to use, limited by memory. */
const MOST_ROWS = 20_000;

/**
 * Mean squared errors on the test rows of two baselines: `persistence`, which repeats the last given step,
 * and `linear`, a ridge regression (alpha 1) from all given steps to each step of the forecast.
 */
export async function forecasterMetrics(
  model: Autoencoder,
  channels: number,
  train: AnyRows,
  test: AnyRows,
): Promise<Record<string, Record<string, number>>> {
  const [trainParts, testParts] = [await windowParts(model, train), await windowParts(model, test)];
  const { rowCount, width } = testParts.future;
  const start = testParts.history.width - channels;
  const last = (row: number, column: number) =>
    testParts.history.data[row * testParts.history.width + start + (column % channels)]!;
  const linear = Array.from({ length: width }, (_, column) => {
    const targets = Float64Array.from(
      { length: trainParts.future.rowCount },
      (_, row) => trainParts.future.data[row * width + column]!,
    );
    return linearValues(fitRidge(trainParts.history, targets), testParts.history);
  });
  const mse = (predicted: (row: number, column: number) => number) => {
    let sum = 0;
    for (let row = 0; row < rowCount; row++) {
      for (let column = 0; column < width; column++) {
        sum += (testParts.future.data[row * width + column]! - predicted(row, column)) ** 2;
      }
    }
    return { mse: sum / (rowCount * width) };
  };
  return { persistence: mse(last), linear: mse((row, column) => linear[column]![row]!) };
}

async function windowParts(model: Autoencoder, rows: AnyRows): Promise<WindowParts> {
  const [whole] = batches(rows, Math.min(rows.rowCount, MOST_ROWS));
  const from = input('rows', ['N', rows.width]);
  const [history] = model.heads!.forecast!.inputsOf(from);
  const outputs = { history: history!, future: targetOf(model, from) };
  const graph = toOnnx({ name: 'parts', inputs: [from], outputs });
  const parts = await outputsOf(graph, whole!);
  return {
    history: asMatrix(parts.history!, whole!.rowCount),
    future: asMatrix(parts.future!, whole!.rowCount),
  };
}
