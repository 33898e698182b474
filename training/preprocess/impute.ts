import * as z from 'zod';
import { quantile } from '../../shared/quantile.ts';
import { featureStatistics } from '../data/statistics.ts';
import { isNan, where } from '../graph/ops/where.ts';
import { float32s } from '../graph/value.ts';
import { keysOf } from '../registry.ts';
import { ascendingOf } from './scaling.ts';
import { Float32, type NumberTransform } from './transform.ts';

/** Replacement values, from the present values in ascending order; only `constant` uses `value`. */
const STRATEGIES = {
  mean: (values) =>
    featureStatistics({ data: values as Float32Array<ArrayBuffer>, rowCount: values.length, width: 1 })
      .mean[0]!,
  median: (values) => quantile(values, 0.5),
  mostFrequent: mostFrequentNumber,
  constant: (_, value) => value,
} satisfies Record<string, (ascending: Float32Array, value: number) => number>;

export const indicator = z
  .boolean()
  .describe('appends one number to the column: 1 if the value was missing, otherwise 0')
  .default(false);

const Config = z.strictObject({
  strategy: z
    .enum(keysOf(STRATEGIES))
    .describe('replacement for a missing value, from the training rows')
    .default('median'),
  value: Float32.describe('replacement under the strategy `constant`').default(0),
  indicator,
});

type FillNumber = Readonly<Record<'fill', number>>;

export const impute: NumberTransform<typeof Config, FillNumber> = {
  kind: 'number',
  summary: 'replaces missing numbers',
  config: Config,
  fit: (values, { strategy, value }) => ({
    fill: Math.fround(STRATEGIES[strategy](ascendingOf(values), value)),
  }),
  apply: (value, { fill }) => (Number.isNaN(value) ? fill : value),
  emit: (x, statistics) => where(isNan(x), float32s(statistics.map(({ fill }) => fill)), x),
  invert: (y) => y,
};

/** Returns the most frequent value; the smallest if several are. */
function mostFrequentNumber(ascending: Float32Array): number {
  let [best, most] = [ascending[0]!, 0];
  let start = 0;
  for (let i = 1; i <= ascending.length; i++) {
    if (ascending[i] === ascending[start]) continue;
    if (i - start > most) [best, most] = [ascending[start]!, i - start];
    start = i;
  }
  return best;
}
