/** What a predictor says of rows, beside what is known of them. */
import type { Target } from '../data/dataset.ts';
import { type GraphRows, outputsOf } from './outputs.ts';

export interface Predicted {
  readonly target: string;
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
}

/** Of the rows whose target is not missing, by an exported `predict` graph; nothing where one or the other is not there. */
export async function predictedOf(
  predict: Uint8Array | undefined,
  rows: GraphRows,
  target: Pick<Target, 'name' | 'rows'> | undefined,
): Promise<Predicted | undefined> {
  if (predict === undefined || target === undefined) return undefined;
  const { prediction } = await outputsOf(predict, rows);
  const known = Array.from(prediction!.keys()).filter((row) => !Number.isNaN(target.rows[row]));
  if (known.length === 0) return undefined;
  return {
    target: target.name,
    actual: known.map((row) => target.rows[row]!),
    predicted: known.map((row) => prediction![row]!),
  };
}
