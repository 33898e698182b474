import * as z from 'zod';
import { translate } from '../graph/ops/labelEncoder.ts';
import { distinctCategories } from './categories.ts';
import { indicator } from './impute.ts';
import type { Categories, TextTransform } from './transform.ts';

const Config = z.strictObject({
  strategy: z
    .enum(['mostFrequent', 'constant'])
    .describe('replacement for a missing value, from the training rows')
    .default('mostFrequent'),
  value: z.string().min(1).describe('replacement under the strategy `constant`').default('missing'),
  indicator,
});

type FillCategory = Categories & Readonly<Record<'fill', string>>;

export const imputeCategory: TextTransform<typeof Config, FillCategory> = {
  kind: 'text',
  summary: 'replaces missing categories; the steps after it see unknown categories as missing',
  config: Config,
  fit: (values, { strategy, value }) => ({
    categories: distinctCategories(values),
    fill: strategy === 'constant' ? value : mostFrequentCategory(values),
  }),
  apply: (value, { fill }) => (value === '' ? fill : value),
  emit: (x, { categories, fill }) => translate(x, ['', ...categories], [fill, ...categories], ''),
};

/** Returns the most frequent category; the first by code units if several are. */
function mostFrequentCategory(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[best]] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)) as [[string, number]];
  return best;
}
