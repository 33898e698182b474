/**
 * Everything that is fitted once the weights are final: reduction, predictor, scoring and the PCA baseline.
 */
import type { Rows } from '../../shared/tensor.ts';
import type { FittedColumn } from '../data/preprocessing.ts';
import type { Split } from '../data/split.ts';
import type { Pca } from '../estimators/pca.ts';
import { pcaFor } from '../evaluate/baselines/baselines.ts';
import { type ProbeResult, probe } from '../evaluate/metrics/probes.ts';
import { fitReduction } from '../evaluate/reduction.ts';
import { representationOf } from '../evaluate/representation.ts';
import type { Weights } from '../graph/types.ts';
import type { Autoencoder } from '../models/model.ts';
import type { PredictorName } from '../predictors/registry.ts';
import { encodedPositions } from '../preprocess/layout.ts';
import { ROW_SCORES, type RowScore, type RowScoreKind } from '../scoring/rowScores.ts';

export interface FitAfterTrainingOptions {
  readonly split: Split<Rows>;
  readonly weights: Weights;
  readonly predictor: PredictorName | undefined;
  readonly rowScore: RowScore;
  /** Columns that the rows are encoded from, for a table. */
  readonly columns: readonly FittedColumn[] | undefined;
  readonly seed: number;
  /** True if the graphs may hold rows of the data. */
  readonly withRows: boolean;
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
  { split, weights, predictor, rowScore, columns, seed, withRows }: FitAfterTrainingOptions,
): Promise<CompletedModel> {
  const code = await representationOf(split, model.encode, weights);
  const pca = await pcaFor(model, split.train);
  const probed = await probe(split, { code, pca, predictor });
  const { prediction } = probed;
  const reduction = await fitReduction(code.train);
  const { fit }: RowScoreKind = ROW_SCORES[rowScore];
  // A model that reconstructs only a part of each row has no columns of the table to name.
  const positions = model.target === undefined ? columns && encodedPositions(columns) : undefined;
  return {
    model: {
      ...model,
      ...(prediction && { prediction }),
      ...(reduction && { reduction }),
      ...(fit && { scoring: await fit(model, split.train, weights, { columns: positions, seed, withRows }) }),
    },
    pca,
    probed,
  };
}
