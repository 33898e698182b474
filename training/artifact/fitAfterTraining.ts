/** What a model gets once its weights are final: all that is fitted to the codes of the training rows. */
import type { Rows } from '../../shared/tensor.ts';
import type { Split } from '../data/split.ts';
import type { Pca } from '../estimators/pca.ts';
import { pcaFor } from '../evaluate/baselines/baselines.ts';
import { type Probed, probe } from '../evaluate/metrics/probes.ts';
import { fitScoring, type RowScore } from '../evaluate/metrics/scoring.ts';
import { fitReduction } from '../evaluate/reduction.ts';
import { representationOf } from '../evaluate/representation.ts';
import type { Weights } from '../graph/types.ts';
import type { Autoencoder } from '../models/model.ts';
import type { PredictorName } from '../predictors/registry.ts';

export interface CompleteOptions {
  readonly split: Split<Rows>;
  readonly weights: Weights;
  readonly predictor: PredictorName | undefined;
  readonly rowScore: RowScore;
}

export interface Completed {
  /** With its reduction, its prediction and its scoring, where there are such. */
  readonly model: Autoencoder;
  /** The baseline, where PCA is one. */
  readonly pca: Pca | undefined;
  readonly probed: Probed;
}

export async function complete(
  model: Autoencoder,
  { split, weights, predictor, rowScore }: CompleteOptions,
): Promise<Completed> {
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
