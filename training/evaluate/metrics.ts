/** The figures by which a model is judged, on any rows. */
import type { PerGraph } from '../../shared/manifest.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { Program } from '../engines/engine.ts';
import type { Weights } from '../graph/onnx.ts';
import type { Value } from '../graph/types.ts';
import type { Autoencoder } from '../models/model.ts';
import { graphMetrics } from './rankers.ts';
import { meanError, meansOver } from './reconstruction.ts';

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

/** What the exported graphs alone tell: the mean squared error over all rows, and how well a recommender ranks. */
export async function exportedMetrics(
  rows: Rows,
  { autoencoder, recommend }: Readonly<PerGraph<Uint8Array>>,
  seed: number,
): Promise<Record<string, number>> {
  return {
    mse: await meanError(autoencoder, rows),
    ...(recommend && (await graphMetrics(recommend, rows, seed))),
  };
}
