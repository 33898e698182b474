/** Predicting the mean of every column, which needs no model: what a model must at least be better than. */
import type { AnyRows } from '../../data/batches.ts';
import { reduceMean } from '../../graph/ops/mean.ts';
import { isNan, where } from '../../graph/ops/where.ts';
import { input, scalar } from '../../graph/value.ts';
import { targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { meansOver } from '../metrics/reconstruction.ts';

/**
 * Returns the mean, over `rows`, of each column that the model reconstructs, `[target width]`, without missing values;
 * 0 for a column of which all are missing. Of the columns that encode a category, they are the shares of the
 * categories, whose squared error is less than that of the most frequent one.
 */
export async function columnMeans(model: Autoencoder, rows: AnyRows): Promise<Float32Array> {
  const from = input('rows', ['N', rows.width]);
  const target = targetOf(model, from);
  const isMissing = isNan(target);
  const { sum, known } = await meansOver(rows, from, {
    sum: reduceMean(where(isMissing, scalar(0), target), [0]),
    known: reduceMean(where(isMissing, scalar(0), scalar(1)), [0]),
  });
  return sum!.map((value, column) => (known![column] === 0 ? 0 : value / known![column]!));
}
