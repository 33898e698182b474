import * as z from 'zod';
import { quantile } from '../../shared/quantile.ts';
import { featureStatistics } from '../data/statistics.ts';
import { isNan, where } from '../graph/ops/where.ts';
import { float32s } from '../graph/value.ts';
import { keysOf } from '../registry.ts';
import { known } from './scaling.ts';
import type { NumberTransform } from './transform.ts';

/** Of known values, ascending; `value` is for `constant`. */
const STRATEGIES = {
  mean: (values) =>
    featureStatistics({ data: values as Float32Array<ArrayBuffer>, rowCount: values.length, width: 1 })
      .mean[0]!,
  median: (values) => quantile(values, 0.5),
  mostFrequent,
  constant: (_, value) => value,
} satisfies Record<string, (ascending: Float32Array, value: number) => number>;

export const indicator = z
  .boolean()
  .describe('adds a number after those of the column: 1 where it was missing, otherwise 0')
  .default(false);

const Config = z.strictObject({
  strategy: z
    .enum(keysOf(STRATEGIES))
    .describe('what of the training rows takes the place of a missing value')
    .default('median'),
  value: z.number().describe('of the strategy `constant`').default(0),
  indicator,
});

type Fill = Readonly<Record<'fill', number>>;

export const impute: NumberTransform<typeof Config, Fill> = {
  kind: 'number',
  summary: 'numbers in the place of missing ones',
  config: Config,
  fit: (values, { strategy, value }) => ({
    fill: Math.fround(STRATEGIES[strategy](known(values).sort(), value)),
  }),
  apply: (value, { fill }) => (Number.isNaN(value) ? fill : value),
  emit: (x, statistics) => where(isNan(x), float32s(statistics.map(({ fill }) => fill)), x),
  invert: (y) => y,
};

/** Of equally frequent values the smallest. */
function mostFrequent(ascending: Float32Array): number {
  let [best, most] = [ascending[0]!, 0];
  let start = 0;
  for (let i = 1; i <= ascending.length; i++) {
    if (ascending[i] === ascending[start]) continue;
    if (i - start > most) [best, most] = [ascending[start]!, i - start];
    start = i;
  }
  return best;
}
