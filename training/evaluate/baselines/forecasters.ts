/** What a forecast has to be better than. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import { type AnyRows, batches } from '../../data/batches.ts';
import { linearValues } from '../../estimators/linear.ts';
import { fitRidge } from '../../estimators/ridge.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { input } from '../../graph/value.ts';
import { targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { outputsOf } from '../outputs.ts';

/** A window in its two parts: the steps that are given, and those that follow. */
interface Parts {
  readonly history: Matrix;
  readonly future: Matrix;
}

/** Rows of which a linear function is fitted to all: as many as fit into memory. */
const MOST_ROWS = 20_000;

/**
 * Mean squared errors on the test rows: of `persistence`, which says that the last step goes on, and of `linear`, a ridge
 * regression (alpha 1) from all given steps to each that follows.
 */
export async function forecasterMetrics(
  model: Autoencoder,
  channels: number,
  train: AnyRows,
  test: AnyRows,
): Promise<Record<string, Record<string, number>>> {
  const [known, asked] = [await partsOf(model, train), await partsOf(model, test)];
  const { rowCount, width } = asked.future;
  const start = asked.history.width - channels;
  const last = (row: number, column: number) =>
    asked.history.data[row * asked.history.width + start + (column % channels)]!;
  const linear = Array.from({ length: width }, (_, column) => {
    const targets = Float64Array.from(
      { length: known.future.rowCount },
      (_, row) => known.future.data[row * width + column]!,
    );
    return linearValues(fitRidge(known.history, targets), asked.history);
  });
  const mse = (predicted: (row: number, column: number) => number) => {
    let sum = 0;
    for (let row = 0; row < rowCount; row++) {
      for (let column = 0; column < width; column++) {
        sum += (asked.future.data[row * width + column]! - predicted(row, column)) ** 2;
      }
    }
    return { mse: sum / (rowCount * width) };
  };
  return { persistence: mse(last), linear: mse((row, column) => linear[column]![row]!) };
}

async function partsOf(model: Autoencoder, rows: AnyRows): Promise<Parts> {
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
