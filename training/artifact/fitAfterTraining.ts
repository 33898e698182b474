/**
 * Everything that is fitted once the weights are final: reduction, predictor, scoring and the PCA baseline.
 */
import type { Rows } from '../../shared/tensor.ts';
import type { Split } from '../data/split.ts';
import type { Pca } from '../estimators/pca.ts';
import { pcaFor } from '../evaluate/baselines/baselines.ts';
import { type ProbeResult, probe } from '../evaluate/metrics/probes.ts';
import { fitScoring, type RowScore } from '../evaluate/metrics/scoring.ts';
import { fitReduction } from '../evaluate/reduction.ts';
import { representationOf } from '../evaluate/representation.ts';
import type { Weights } from '../graph/types.ts';
import type { Autoencoder } from '../models/model.ts';
import type { PredictorName } from '../predictors/registry.ts';

export interface FitAfterTrainingOptions {
  readonly split: Split<Rows>;
  readonly weights: Weights;
  readonly predictor: PredictorName | undefined;
  readonly rowScore: RowScore;
}

export interface CompletedModel {
  /** The model with its reduction, prediction and scoring, each if it applies. */
  readonly model: Autoencoder;
  /** PCA of the training rows, if it is a baseline. */
  readonly pca: Pca | undefined;
  readonly probed: ProbeResult;
}

export async function fitAfterTraining(
  model: Autoencoder,
  { split, weights, predictor, rowScore }: FitAfterTrainingOptions,
): Promise<CompletedModel> {
  const code = await representationOf(split, model.encode, weights);
  const pca = await pcaFor(model, split.train);
  const probed = await probe(split, { code, pca, predictor });
  const { prediction } = probed;
  const reduction = await fitReduction(code.train);
  return {
    model: {
      ...model,
      ...(prediction && { prediction }),
      ...(reduction && { reduction }),
      ...(rowScore === 'joint' && { scoring: await fitScoring(model, split.train, weights) }),
    },
    pca,
    probed,
  };
}
