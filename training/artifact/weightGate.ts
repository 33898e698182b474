/** Whether a model is as good with its weights in fewer bytes. */
import { GateError } from '../../shared/errors.ts';
import type { StoredWeights } from '../../shared/measured.ts';
import type { Rows } from '../../shared/tensor.ts';
import { graphMetrics } from '../evaluate/metrics/graphRanking.ts';
import { meanError } from '../evaluate/metrics/reconstruction.ts';
import { type GraphRows, isRaw } from '../evaluate/outputs.ts';
import type { WeightType } from '../graph/weights/weightTypes.ts';
import { figure, smallPercent } from '../report/format.ts';
import type { ExportedGraphs } from './exportGraphs.ts';

export interface WeightGateOptions {
  readonly type: WeightType;
  /** By what share the metric may be worse. */
  readonly tolerance: number;
  /** Test rows as the graphs take them. */
  readonly rows: GraphRows;
  readonly seed: number;
}

/**
 * The first metric of both: NDCG@100 of recommenders, the mean squared error of others.
 * @throws {GateError} when the stored weights are worse by more than the tolerance.
 */
export async function measureStored(
  float32: ExportedGraphs,
  stored: ExportedGraphs,
  { type, tolerance, rows, seed }: WeightGateOptions,
): Promise<StoredWeights> {
  const before = await firstMetric(float32, rows, seed);
  const after = await firstMetric(stored, rows, seed);
  const { metric, value } = before;
  const worse = before.sign * (after.value - value);
  const relativeChange = worse <= 0 && value === 0 ? 0 : worse / value;
  // Written so that NaN, which no comparison accepts, is refused too.
  if (!(relativeChange <= tolerance)) {
    throw new GateError(
      `weights as ${type}: expected ${metric} on the test rows to be worse by at most ${smallPercent(tolerance)} of ${figure(value)}, ` +
        `that with float32 weights, received ${figure(after.value)}, worse by ${smallPercent(relativeChange)}; ` +
        'set weightType to a larger type or weightTolerance higher (with --resume, training is not done again)',
    );
  }
  return { type, metric, float32: value, stored: after.value, relativeChange, tolerance };
}

interface FirstMetric {
  readonly metric: string;
  readonly value: number;
  /** 1 where less is better. */
  readonly sign: 1 | -1;
}

async function firstMetric(
  { autoencoder, recommend }: ExportedGraphs,
  rows: GraphRows,
  seed: number,
): Promise<FirstMetric> {
  if (recommend !== undefined && !isRaw(rows)) {
    const value = (await graphMetrics(recommend.model, rows as Rows, seed))['ndcg@100'];
    if (value !== undefined) return { metric: 'ndcg@100', value, sign: -1 };
  }
  return { metric: 'mse', value: await meanError(autoencoder.model, rows), sign: 1 };
}
