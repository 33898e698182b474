/** What a predictor says of rows, beside what is known of them. */
import type { Matrix } from '../../../shared/tensor.ts';
import { asMatrix } from '../../../shared/tensor.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import { labelledRows } from '../../estimators/labelledRows.ts';
import { accuracy, logLoss, meanAbsoluteError, mostProbable } from '../../estimators/scores.ts';
import { type GraphRows, outputsOf, rowCountOf } from '../outputs.ts';

export interface Predicted {
  readonly target: string;
  /** Where classes are predicted. */
  readonly classes: readonly string[] | undefined;
  /** Of each row its number, or the place of its class among the classes. */
  readonly actual: readonly number[];
  /** `[N, 1]`, or the probabilities of the classes `[N, classes]`. */
  readonly predicted: Matrix;
}

/** Of the rows whose target is known, by an exported `predict` graph; nothing where one or the other is not there. */
export async function predictedOf(
  predict: Uint8Array | undefined,
  rows: GraphRows,
  truth: GroundTruth | undefined,
): Promise<Predicted | undefined> {
  if (predict === undefined || truth === undefined) return undefined;
  const { prediction } = await outputsOf(predict, rows);
  const known = labelledRows(asMatrix(prediction!, rowCountOf(rows)), truth.rows);
  if (known.answers.length === 0) return undefined;
  return { target: truth.name, classes: truth.classes, actual: known.answers, predicted: known.rows };
}

/** How good predictions are: how far off numbers are, or how often classes are right and how probable they were held. */
export function predictionMetrics(
  predictor: string,
  { classes, actual, predicted }: Omit<Predicted, 'target'>,
): Record<string, number> {
  if (classes === undefined) return { [`${predictor}-mae`]: meanAbsoluteError(predicted.data, actual) };
  return {
    [`${predictor}-accuracy`]: accuracy(predicted, actual),
    [`${predictor}-log-loss`]: logLoss(predicted, actual),
  };
}

/** The predicted number of each row, or the place of its most probable class. */
export function guesses({ classes, predicted }: Pick<Predicted, 'classes' | 'predicted'>): number[] {
  return classes === undefined ? Array.from(predicted.data) : mostProbable(predicted);
}
