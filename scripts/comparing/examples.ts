/** Rows that every model reconstructs, from those that are reconstructed well to those that are not. */
import { asMatrix, isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import { restoreModel } from '../../training/artifact/restoreModel.ts';
import { pickRows } from '../../training/data/batches.ts';
import { decodedRow } from '../../training/evaluate/evidence/evaluatedRows.ts';
import type { NullableFigures } from '../../training/evaluate/evidence/evaluation.ts';
import { MAX_EXAMPLE_VALUES } from '../../training/evaluate/evidence/examples.ts';
import { roundedAll } from '../../training/evaluate/evidence/rounding.ts';
import { targetsOf } from '../../training/evaluate/evidence/target.ts';
import { isRaw, outputsOf } from '../../training/evaluate/outputs.ts';
import { pickRaw } from '../../training/preprocess/preprocessing.ts';
import { ownVariants } from '../cli/recipes.ts';
import { type HeldOut, rowsFor } from '../retrain/metrics/heldOut.ts';
import type { ComparedModel } from './models.ts';

export interface ComparedExample {
  /** The row as each model should reconstruct it: the order of categories is a model's own. */
  readonly targets: readonly NullableFigures[];
  /** The reconstruction of each model. */
  readonly reconstructions: readonly NullableFigures[];
  /** The error of each model. */
  readonly errors: readonly number[];
}

const MOST_EXAMPLES = 8;

/**
 * Returns rows at even steps of their error, averaged over the models. Empty if a model may hold no rows, and for
 * sparse rows.
 * @param errors One error per row for each model.
 */
export async function comparedExamples(
  models: readonly ComparedModel[],
  rows: HeldOut,
  errors: readonly ArrayLike<number>[],
): Promise<ComparedExample[]> {
  if (isSparse(rows.test) || models.some(({ manifest }) => manifest.data.withRows === false)) return [];
  const chosen = chosenRows(errors, rows.test.width);
  const some: HeldOut = {
    ...rows,
    test: pickRows<Rows>(rows.test, chosen),
    raw: rows.raw && pickRaw(rows.raw, chosen),
  };
  const shown: { targets: NullableFigures[]; reconstructions: NullableFigures[] }[] = [];
  for (const model of models) shown.push(await shownBy(model, some));
  return Array.from(chosen, (row, i) => ({
    targets: shown.map(({ targets }) => targets[i]!),
    reconstructions: shown.map(({ reconstructions }) => reconstructions[i]!),
    errors: errors.map((own) => own[row]!),
  }));
}

async function shownBy(model: ComparedModel, rows: HeldOut) {
  const own = rowsFor(rows, model.manifest);
  const count = rows.test.rowCount;
  const { reconstruction } = await outputsOf(model.graphs.autoencoder, own);
  const targets = isRaw(own)
    ? Array.from({ length: count }, (_, row) => decodedRow(own, row))
    : rowsOf(await targetsOf(restoreModel(model, await ownVariants()).model, rows.test as Matrix));
  return {
    targets: targets.map(roundedAll),
    reconstructions: rowsOf(asMatrix(reconstruction!, count)).map(roundedAll),
  };
}

function chosenRows(errors: readonly ArrayLike<number>[], width: number): Uint32Array {
  const { length } = errors[0]!;
  const mean = Float64Array.from({ length }, (_, row) => errors.reduce((sum, own) => sum + own[row]!, 0));
  const order = Array.from(mean.keys()).sort((a, b) => mean[a]! - mean[b]! || a - b);
  const count = Math.min(MOST_EXAMPLES, length, Math.floor(MAX_EXAMPLE_VALUES / width));
  const step = (length - 1) / Math.max(1, count - 1);
  return Uint32Array.from({ length: count }, (_, i) => order[Math.round(i * step)]!);
}

function rowsOf({ data, rowCount, width }: Matrix): Float32Array[] {
  return Array.from({ length: rowCount }, (_, row) => data.subarray(row * width, (row + 1) * width));
}
