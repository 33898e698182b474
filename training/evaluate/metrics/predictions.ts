/** Predictions for rows whose target is known, and their metrics. */
import type { Matrix } from '../../../shared/tensor.ts';
import { asMatrix } from '../../../shared/tensor.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import { labelledRows } from '../../estimators/labelledRows.ts';
import { accuracy, logLoss, meanAbsoluteError, mostProbable } from '../../estimators/scores.ts';
import { type GraphRows, outputsOf, rowCountOf } from '../outputs.ts';

export interface KnownPredictions {
  readonly target: string;
  /** Names of the classes, for a classifier. */
  readonly classes: readonly string[] | undefined;
  /** The number of each row, or the index of its class; -1 for a class that is not among `classes`. */
  readonly actual: readonly number[];
  /** Numbers `[N, 1]`, or probabilities `[N, classes]`. */
  readonly predicted: Matrix;
}

/**
 * Predictions of an exported `predict` graph for all rows whose target is known; undefined without graph or
 * target.
 */
export async function knownPredictions(
  predict: Uint8Array | undefined,
  rows: GraphRows,
  truth: GroundTruth | undefined,
): Promise<KnownPredictions | undefined> {
  if (predict === undefined || truth === undefined) return undefined;
  const { prediction } = await outputsOf(predict, rows);
  const known = labelledRows(asMatrix(prediction!, rowCountOf(rows)), truth.rows);
  if (known.answers.length === 0) return undefined;
  return { target: truth.name, classes: truth.classes, actual: known.answers, predicted: known.rows };
}

/**
 * Metrics by name: `{predictor}-mae` for numbers, `{predictor}-accuracy` and `{predictor}-log-loss` for
 * classes.
 */
export function predictionMetrics(
  predictor: string,
  { classes, actual, predicted }: Omit<KnownPredictions, 'target'>,
): Record<string, number> {
  if (classes === undefined) return { [`${predictor}-mae`]: meanAbsoluteError(predicted.data, actual) };
  return {
    [`${predictor}-accuracy`]: accuracy(predicted, actual),
    [`${predictor}-log-loss`]: logLoss(predicted, actual),
  };
}

/** Predicted number of each row, or index of its most probable class. */
export function pointPredictions({
  classes,
  predicted,
}: Pick<KnownPredictions, 'classes' | 'predicted'>): number[] {
  return classes === undefined ? Array.from(predicted.data) : mostProbable(predicted);
}
