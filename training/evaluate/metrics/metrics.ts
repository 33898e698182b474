/** Metrics of a model on given rows. */
import type { SomeGraphs } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Labels } from '../../data/dataset.ts';
import type { Program } from '../../engines/engine.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import type { Value, Weights } from '../../graph/types.ts';
import type { Autoencoder } from '../../models/model.ts';
import { type GraphRows, isRaw } from '../outputs.ts';
import { detectionAndAlarmMetrics } from './alarms.ts';
import type { ItemShares } from './exposure.ts';
import { graphMetrics } from './graphRanking.ts';
import { labelledScores } from './labelledScores.ts';
import { knownPredictions, predictionMetrics } from './predictions.ts';
import { meanOf, meansOver, rowMeasures } from './reconstruction.ts';

/** Metrics by standard name. */
export type MetricValues = Readonly<Record<string, number>>;

/** A trained model that is not exported yet. */
export interface TrainedModel {
  readonly model: Autoencoder;
  readonly program: Program;
  readonly weights: Weights;
}

/** Loss and diagnostics of the variant, by standard name. */
export async function lossMetrics(rows: Rows, trained: TrainedModel): Promise<Record<string, number>> {
  const { model, program, weights } = trained;
  const means = await meansOver(rows, program.rows, lossValues(trained), { weights, seed: program.seed });
  return { [model.lossName]: means.loss![0]!, ...model.diagnostics?.summarise(means) };
}

/** Values that `lossMetrics` averages over the batches. */
export function lossValues({
  model,
  program,
}: Omit<TrainedModel, 'weights'>): Readonly<Record<string, Value>> {
  const { evaluation } = program;
  return { loss: evaluation.reconstructionLoss, ...model.diagnostics?.values(evaluation) };
}

export interface ExportedMetricsOptions {
  /** Rows in the form that the graphs take. */
  readonly rows: GraphRows;
  /** True values of what is predicted for these rows, if known. */
  readonly truth: GroundTruth | undefined;
  /** Name of the predictor; undefined without a `predict` graph. */
  readonly predictor: string | undefined;
  /** Labels of these rows, if any. */
  readonly labels: Omit<Labels, 'test'> | undefined;
  /** Score above which a row is an alarm. */
  readonly threshold: number;
  /** Mean of each feature over the training rows: for recommenders, the share of the users who had the item. */
  readonly shares: ItemShares;
  readonly seed: number;
}

/**
 * Metrics that need only the exported graphs, as far as they apply: mean squared error, and those of anomaly
 * detection, ranking and prediction.
 */
export async function exportedMetrics(
  { autoencoder, recommend, predict }: SomeGraphs<Uint8Array>,
  { rows, truth, predictor, labels, threshold, shares, seed }: ExportedMetricsOptions,
): Promise<Record<string, number>> {
  const predicted = await knownPredictions(predict, rows, truth);
  const measured = autoencoder && (await rowMeasures(autoencoder, rows));
  return {
    ...(measured && { mse: meanOf(measured.errors) }),
    ...(measured &&
      labels?.anomalous &&
      detectionAndAlarmMetrics(labelledScores(measured.scores, labels), threshold)),
    // Recommenders preprocess nothing.
    ...(recommend && !isRaw(rows) && (await graphMetrics(recommend, rows as Rows, { seed, shares }))),
    ...(predicted && predictor && predictionMetrics(predictor, predicted)),
  };
}
