/** Baselines of forecasts. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import { type AnyRows, batches, takeRows } from '../../data/batches.ts';
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
 * and `linear`, a ridge regression (alpha 1) from all given steps to each step of the forecast. Missing
 * values of the forecast do not count; missing given steps repeat the last known one.
 */
export async function forecasterMetrics(
  model: Autoencoder,
  channels: number,
  train: AnyRows,
  test: AnyRows,
): Promise<Record<string, Record<string, number>>> {
  const [trainParts, testParts] = [await windowParts(model, train), await windowParts(model, test)];
  const { rowCount, width } = testParts.future;
  const means = columnMeans(trainParts.history);
  const [trainHistory, testHistory] = [trainParts, testParts].map(({ history }) =>
    carried(history, channels, means),
  ) as [Matrix, Matrix];
  const start = testHistory.width - channels;
  const last = (row: number, column: number) =>
    testHistory.data[row * testHistory.width + start + (column % channels)]!;
  const linear = Array.from({ length: width }, (_, column) => {
    const targets = Float64Array.from(
      { length: trainParts.future.rowCount },
      (_, row) => trainParts.future.data[row * width + column]!,
    );
    const known = Uint32Array.from(targets.keys()).filter((row) => !Number.isNaN(targets[row]));
    if (known.length === 0) return undefined;
    const ridge = fitRidge(
      takeRows(trainHistory, known),
      Float64Array.from(known, (row) => targets[row]!),
    );
    return linearValues(ridge, testHistory);
  });
  const mse = (predicted: (row: number, column: number) => number) => {
    let [sum, count] = [0, 0];
    for (let row = 0; row < rowCount; row++) {
      for (let column = 0; column < width; column++) {
        const actual = testParts.future.data[row * width + column]!;
        if (Number.isNaN(actual)) continue;
        sum += (actual - predicted(row, column)) ** 2;
        count++;
      }
    }
    return { mse: sum / Math.max(1, count) };
  };
  return { persistence: mse(last), linear: mse((row, column) => linear[column]?.[row] ?? last(row, column)) };
}

/**
 * Fills missing values (NaN) with the last known value of the channel or, at the start of a window, with the
 * mean of the column over the training rows.
 */
function carried({ data, rowCount, width }: Matrix, channels: number, means: Float64Array): Matrix {
  const filled = Float32Array.from(data);
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (!Number.isNaN(filled[at])) continue;
      filled[at] = column >= channels ? filled[at - channels]! : means[column]!;
    }
  }
  return { data: filled, rowCount, width };
}

/** Mean of the known values of each column; 0 if there are none. */
function columnMeans({ data, rowCount, width }: Matrix): Float64Array {
  return Float64Array.from({ length: width }, (_, column) => {
    let [sum, count] = [0, 0];
    for (let row = 0; row < rowCount; row++) {
      const value = data[row * width + column]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return sum / Math.max(1, count);
  });
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
