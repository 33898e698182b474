/** Compares models on the same rows by every metric that applies to all of them. */

import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { type MetricDrop, pairedDrop } from '../retrain/metrics/bootstrap.ts';
import type { HeldOut } from '../retrain/metrics/heldOut.ts';
import { METRIC_NAMES, METRICS, type Metric, type MetricName } from '../retrain/metrics/registry.ts';
import type { ComparedModel } from './models.ts';

/** How much worse a model is than the best one. */
export type Difference = Pick<MetricDrop, 'drop' | 'low' | 'high'>;

export interface MetricComparison {
  readonly name: MetricName;
  /** The metric of each model, in their order. */
  readonly values: readonly number[];
  /** Index of the best model. */
  readonly best: number;
  /** Differences of the models to the best one, with intervals at the metric's confidence; undefined for the best itself. */
  readonly differences: readonly (Difference | undefined)[];
  /** One figure per row for each model; for areas under the ROC curve, the scores. */
  readonly ofRows: readonly ArrayLike<number>[];
}

/** Returns the metrics that apply to all models; the first one decides. */
export async function compareModels(
  models: readonly ComparedModel[],
  rows: HeldOut,
  seed: number,
): Promise<MetricComparison[]> {
  const compared: MetricComparison[] = [];
  for (const name of METRIC_NAMES) {
    const metric: Metric = METRICS[name];
    const ofRows: ArrayLike<number>[] = [];
    for (const model of models) {
      const own = await metric.ofRows(model, rows);
      if (own !== undefined && own.length > 0) ofRows.push(own);
    }
    const isSame = ofRows.every(({ length }) => length === ofRows[0]!.length);
    if (ofRows.length === models.length && isSame) compared.push(comparisonOf(name, ofRows, rows, seed));
  }
  if (compared.length > 0) return compared;
  throw new InputError(
    `expected rows that the models can be measured on (for recommenders, users with two items or more), received ${rows.test.rowCount} of which none can; name others with --data`,
  );
}

function comparisonOf(
  name: MetricName,
  ofRows: readonly ArrayLike<number>[],
  rows: HeldOut,
  seed: number,
): MetricComparison {
  const metric: Metric = METRICS[name];
  const between = (a: number, b: number): MetricDrop =>
    metric.compare?.(ofRows[a]!, ofRows[b]!, rows) ?? pairedDrop(ofRows[a]!, ofRows[b]!, { ...metric, seed });
  const values = ofRows.map((_, i) => between(0, i).challenger);
  const sign = metric.better === 'lower' ? 1 : -1;
  const best = values.reduce((least, value, i) => (sign * value < sign * values[least]! ? i : least), 0);
  const differences = values.map((_, i) => {
    if (i === best) return undefined;
    const { drop, low, high } = between(best, i);
    return { drop, low, high };
  });
  return { name, values, best, differences, ofRows };
}

/**
 * Returns the metric that decides: the one named or, by default, the first that applies.
 * @throws {InputError} if the named one does not apply.
 */
export function decidingOf(compared: readonly MetricComparison[], by: string | undefined): MetricComparison {
  const found = by === undefined ? compared[0] : compared.find(({ name }) => name === by);
  if (found !== undefined) return found;
  const names = compared.map(({ name }) => name);
  throw new InputError(
    `--by: expected a metric that applies to all models: ${names.join(', ')}; received '${by}'${didYouMean(by!, names)}`,
  );
}

/** Index of the model that comes closest to the best one. */
export function runnerUp({ differences, best }: MetricComparison): number {
  const others = differences.flatMap((each, i) => (i === best ? [] : [{ i, drop: each!.drop }]));
  return others.reduce((least, each) => (each.drop < least.drop ? each : least)).i;
}

/** True if the interval of the difference between the best two models excludes zero. */
export function isDecided(comparison: MetricComparison): boolean {
  return comparison.differences[runnerUp(comparison)]!.low > 0;
}
