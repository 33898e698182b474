/** Example rows with their reconstructions. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import { evaluationProgress, feeder } from '../../engines/feeds.ts';
import { openNative } from '../../engines/inference.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { inputsOf } from '../../graph/traverse.ts';
import { input } from '../../graph/value.ts';
import { evaluationContext } from '../../layers/layer.ts';
import type { Autoencoder } from '../../models/model.ts';
import { pickRaw } from '../../preprocess/preprocessing.ts';
import { outputsOf } from '../outputs.ts';
import type { ReconstructionExample } from './evaluation.ts';
import { rounded, roundedAll } from './rounding.ts';
import { targetsOf } from './target.ts';

const MAX_EXAMPLES = 12;
/** Most values kept over all examples, for each of target, corrupted row and reconstruction. */
export const MAX_EXAMPLE_VALUES = 2 ** 17;

export interface ExampleOptions {
  readonly model: Autoencoder;
  readonly autoencoder: Uint8Array;
  readonly rows: Matrix;
  /** Reconstruction error of each row. */
  readonly errors: Float32Array;
  /** Returns the label of a row, by its index. */
  readonly label: (row: number) => string | null;
  readonly seed: number;
}

/** Examples at even steps from best to worst reconstruction. */
export async function examplesOf(options: ExampleOptions): Promise<ReconstructionExample[]> {
  const { model, autoencoder, errors, label, seed } = options;
  const chosen = chosenRows(errors, options.rows.width);
  if (chosen.length === 0) return [];
  const rows = picked(options.rows, chosen);
  const corrupted = await corruptedRows(model, rows, seed);
  const outputs = await outputsOf(autoencoder, corrupted ?? rows);
  const reconstruction = asMatrix(outputs.reconstruction!, rows.rowCount);
  const target = await targetsOf(model, rows);
  return chosen.map((row, i) => ({
    target: roundedAll(rowOf(target, i)),
    corrupted: corrupted && roundedAll(rowOf(corrupted, i)),
    reconstruction: roundedAll(rowOf(reconstruction, i)),
    error: rounded(squaredError(rowOf(target, i), rowOf(reconstruction, i)), 4) ?? 0,
    label: label(row),
  }));
}

export interface TableExampleOptions extends Pick<ExampleOptions, 'autoencoder' | 'errors' | 'label'> {
  readonly raw: Preprocessing;
  /** Returns a row, by its index, in the form of its reconstruction. */
  readonly decoded: (row: number) => Float32Array;
}

/** The same for columns of a table: values in their units, errors of the encoded numbers. */
export async function tableExamples(options: TableExampleOptions): Promise<ReconstructionExample[]> {
  const { autoencoder, errors, label, raw, decoded } = options;
  const chosen = chosenRows(errors, raw.columns.length);
  if (chosen.length === 0) return [];
  const outputs = await outputsOf(autoencoder, pickRaw(raw, Uint32Array.from(chosen)));
  const reconstruction = asMatrix(outputs.reconstruction!, chosen.length);
  return chosen.map((row, i) => ({
    target: roundedAll(decoded(row)),
    corrupted: null,
    reconstruction: roundedAll(rowOf(reconstruction, i)),
    error: rounded(errors[row]!, 4) ?? 0,
    label: label(row),
  }));
}

/** Rows corrupted as in training; null for models that train on the rows themselves. */
async function corruptedRows(
  { corrupt }: Pick<Autoencoder, 'corrupt'>,
  rows: Matrix,
  seed: number,
): Promise<Matrix | null> {
  if (corrupt === undefined) return null;
  const from = input('rows', ['N', rows.width]);
  const seen = corrupt(from, evaluationContext());
  const noise = inputsOf([seen]).filter((each) => each !== from);
  const graph = await openNative(
    toOnnx({ name: 'corrupt', inputs: [from, ...noise], outputs: { seen }, weights: new Map() }),
  );
  const feeds = feeder(noise, seed, 'evaluation')(rows.rowCount, evaluationProgress(0));
  const { seen: data } = await graph.run(rows, feeds);
  await graph.release();
  return asMatrix(data!, rows.rowCount);
}

function chosenRows(errors: Float32Array, width: number): number[] {
  const count = Math.min(MAX_EXAMPLES, errors.length, Math.floor(MAX_EXAMPLE_VALUES / width));
  const order = Array.from(errors.keys()).sort((a, b) => errors[a]! - errors[b]! || a - b);
  const step = (errors.length - 1) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => order[Math.round(i * step)]!);
}

function picked(rows: Matrix, chosen: readonly number[]): Matrix {
  const data = new Float32Array(chosen.length * rows.width);
  chosen.forEach((row, i) => {
    data.set(rowOf(rows, row), i * rows.width);
  });
  return { data, rowCount: chosen.length, width: rows.width };
}

function rowOf({ data, width }: Matrix, row: number): Float32Array {
  return data.subarray(row * width, (row + 1) * width);
}

/** Mean squared error over the values that are not missing. */
function squaredError(target: Float32Array, reconstruction: Float32Array): number {
  let [sum, count] = [0, 0];
  target.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sum += (value - reconstruction[i]!) ** 2;
    count++;
  });
  return sum / count;
}
