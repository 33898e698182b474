/** Reconstruction error of each row, in units that two versions have in common. */

import { asMatrix } from '../../../shared/tensor.ts';
import { featureStatistics } from '../../../training/data/statistics.ts';
import { type Column, numbersOf } from '../../../training/data/table.ts';
import { rowErrors } from '../../../training/evaluate/metrics/reconstruction.ts';
import { isRaw, outputsOf } from '../../../training/evaluate/outputs.ts';
import { type ColumnLayout, fittedCategories, layoutsOf } from '../../../training/preprocess/layout.ts';
import { type ComparedVersion, type HeldOut, rowsFor } from './heldOut.ts';

/**
 * Returns the mean squared error of each row; undefined for recommenders, whose reconstructions are
 * probabilities. The errors that a version computes for columns are in standard deviations of its own
 * training rows. Here, numbers are in standard deviations of the given rows, and a category contributes its
 * Brier score (Brier 1950, "Verification of forecasts expressed in terms of probability"). Missing values are
 * left out.
 */
export async function squaredErrors(
  { manifest, graphs }: ComparedVersion,
  heldOut: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  if (graphs.recommend !== undefined) return undefined;
  const rows = rowsFor(heldOut, manifest);
  if (!isRaw(rows)) return rowErrors(graphs.autoencoder, rows);
  const { table, columns } = rows;
  const { reconstruction } = await outputsOf(graphs.autoencoder, rows);
  const decoded = asMatrix(reconstruction!, table.rowCount);
  const sums = new Float64Array(table.rowCount);
  const counts = new Uint32Array(table.rowCount);
  layoutsOf(columns).forEach((layout, i) => {
    const errorOf = columnError(table.columns[i]!, fittedCategories(columns[i]!));
    for (let row = 0; row < table.rowCount; row++) {
      const error = errorOf(row, valuesAt(decoded, row, layout));
      if (Number.isNaN(error)) continue;
      sums[row]! += error;
      counts[row]!++;
    }
  });
  return sums.map((sum, row) => (counts[row] === 0 ? 0 : sum / counts[row]!));
}

type ErrorOf = (row: number, reconstruction: Float32Array) => number;

function columnError(column: Column, categories: readonly string[] | undefined): ErrorOf {
  if (column.type === 'category' && categories !== undefined) {
    return (row, probabilities) => {
      const code = column.codes[row]!;
      if (code < 0) return Number.NaN;
      const own = categories.indexOf(column.categories[code]!);
      const squares = probabilities.reduce((sum, each, k) => sum + (each - Number(k === own)) ** 2, 0);
      return own < 0 ? squares + 1 : squares;
    };
  }
  const values = Float32Array.from(numbersOf(column));
  const { standardDeviation } = featureStatistics({ data: values, rowCount: values.length, width: 1 });
  const unit = standardDeviation[0]! || 1;
  return (row, [value]) => ((value! - values[row]!) / unit) ** 2;
}

function valuesAt({ data, width }: { data: Float32Array; width: number }, row: number, layout: ColumnLayout) {
  const start = row * width + layout.decodedStart;
  return data.subarray(start, start + layout.decodedWidth);
}
