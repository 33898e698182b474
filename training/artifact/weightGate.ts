/** Gate for smaller weight types: storing weights in fewer bytes must not make the model much worse. */
import { GateError } from '../../shared/errors.ts';
import type { StoredWeights } from '../../shared/measured.ts';
import type { Rows } from '../../shared/tensor.ts';
import { mean } from '../estimators/scores.ts';
import { graphRanker } from '../evaluate/metrics/graphRanking.ts';
import { foldIn, rankingScores } from '../evaluate/metrics/ranking.ts';
import { meanError } from '../evaluate/metrics/reconstruction.ts';
import { type GraphRows, isRaw } from '../evaluate/outputs.ts';
import type { WeightType } from '../graph/weights/weightTypes.ts';
import { figure, smallPercent } from '../report/format.ts';
import type { ExportedGraphs } from './exportGraphs.ts';

export interface WeightGateOptions {
  readonly type: WeightType;
  /** Largest relative worsening of the metric that is allowed. */
  readonly tolerance: number;
  /** Test rows in the form that the graphs take. */
  readonly rows: GraphRows;
  readonly seed: number;
}

/**
 * Compares float32 weights with stored ones by the main metric: NDCG@100 for recommenders, else the mean
 * squared error.
 * @throws {GateError} if the stored weights are worse by more than the tolerance.
 */
export async function measureStored(
  float32: ExportedGraphs,
  stored: ExportedGraphs,
  { type, tolerance, rows, seed }: WeightGateOptions,
): Promise<StoredWeights> {
  const before = await mainMetric(float32, rows, seed);
  const after = await mainMetric(stored, rows, seed);
  const { metric, value } = before;
  const worse = before.sign * (after.value - value);
  const relativeChange = worse <= 0 && value === 0 ? 0 : worse / value;
  // Negated, so that NaN is refused too.
  if (!(relativeChange <= tolerance)) {
    throw new GateError(
      `weights as ${type}: expected ${metric} on the test rows to be worse by at most ${smallPercent(tolerance)} than with float32 weights (${figure(value)}), ` +
        `received ${figure(after.value)}, worse by ${smallPercent(relativeChange)}; ` +
        'set weightType to a larger type, or raise weightTolerance (with --resume, training is not repeated)',
    );
  }
  return { type, metric, float32: value, stored: after.value, relativeChange, tolerance };
}

interface MainMetric {
  readonly metric: string;
  readonly value: number;
  /** 1 if lower values are better, -1 if higher ones are. */
  readonly sign: 1 | -1;
}

async function mainMetric(
  { autoencoder, recommend }: ExportedGraphs,
  rows: GraphRows,
  seed: number,
): Promise<MainMetric> {
  if (recommend !== undefined && !isRaw(rows)) {
    const { rank, release } = await graphRanker(recommend.model);
    const users = foldIn(rows as Rows, seed);
    const scores = await rankingScores(users, (rows as Rows).width, rank);
    await release();
    if (users.length > 0) return { metric: 'ndcg@100', value: mean(scores['ndcg@100']), sign: -1 };
  }
  return { metric: 'mse', value: await meanError(autoencoder.model, rows), sign: 1 };
}
