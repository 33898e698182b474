/** The figures by which a model is judged, on any rows. */
import type { PerGraph } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Labels } from '../../data/dataset.ts';
import type { Program } from '../../engines/engine.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import type { Value, Weights } from '../../graph/types.ts';
import type { Autoencoder } from '../../models/model.ts';
import { type GraphRows, isRaw } from '../outputs.ts';
import { detectedMetrics } from './alarms.ts';
import { detectedOf } from './detected.ts';
import { graphMetrics } from './graphRanking.ts';
import { predictedOf, predictionMetrics } from './predicted.ts';
import { meanError, meansOver, rowScores } from './reconstruction.ts';

/** A model as it is trained, before it is exported. */
export interface Measured {
  readonly model: Autoencoder;
  readonly program: Program;
  readonly weights: Weights;
}

/** The loss and the variant's diagnostics, by standard name. */
export async function lossMetrics(rows: Rows, measured: Measured): Promise<Record<string, number>> {
  const { model, program, weights } = measured;
  const means = await meansOver(rows, program.rows, lossValues(measured), { weights, seed: program.seed });
  return { [model.lossName]: means.loss![0]!, ...model.diagnostics?.summarise(means) };
}

/** What the metrics above are made from. */
export function lossValues({ model, program }: Omit<Measured, 'weights'>): Readonly<Record<string, Value>> {
  const { evaluation } = program;
  return { loss: evaluation.reconstructionLoss, ...model.diagnostics?.values(evaluation) };
}

export interface ExportedOptions {
  /** As the graphs take them. */
  readonly rows: GraphRows;
  /** Of these rows, where it is known. */
  readonly truth: GroundTruth | undefined;
  /** Its name; where there is a graph `predict`. */
  readonly predictor: string | undefined;
  /** Of these rows, where there are some. */
  readonly labels: Omit<Labels, 'test'> | undefined;
  /** Of what rows are judged by. */
  readonly threshold: number;
  readonly seed: number;
}

/**
 * What the exported graphs alone tell: the mean squared error over all rows, how well it tells anomalies, how well a
 * recommender ranks, and how good predictions are.
 */
export async function exportedMetrics(
  { autoencoder, recommend, predict }: Readonly<PerGraph<Uint8Array>>,
  { rows, truth, predictor, labels, threshold, seed }: ExportedOptions,
): Promise<Record<string, number>> {
  const predicted = await predictedOf(predict, rows, truth);
  return {
    mse: await meanError(autoencoder, rows),
    ...(labels?.anomalous &&
      detectedMetrics(detectedOf(await rowScores(autoencoder, rows), labels), threshold)),
    // Recommenders preprocess nothing.
    ...(recommend && !isRaw(rows) && (await graphMetrics(recommend, rows as Rows, seed))),
    ...(predicted && predictor && predictionMetrics(predictor, predicted)),
  };
}
