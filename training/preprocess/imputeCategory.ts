import * as z from 'zod';
import { translate } from '../graph/ops/labelEncoder.ts';
import { distinctCategories } from './categories.ts';
import { indicator } from './impute.ts';
import type { Categories, TextTransform } from './transform.ts';

const Config = z.strictObject({
  strategy: z
    .enum(['mostFrequent', 'constant'])
    .describe('what of the training rows takes the place of a missing value')
    .default('mostFrequent'),
  value: z.string().min(1).describe('of the strategy `constant`').default('missing'),
  indicator,
});

type FillCategory = Categories & Readonly<Record<'fill', string>>;

export const imputeCategory: TextTransform<typeof Config, FillCategory> = {
  kind: 'text',
  summary: 'a category in the place of a missing one; unknown ones count as missing to what follows',
  config: Config,
  fit: (values, { strategy, value }) => ({
    categories: distinctCategories(values),
    fill: strategy === 'constant' ? value : mostFrequentCategory(values),
  }),
  apply: (value, { fill }) => (value === '' ? fill : value),
  emit: (x, { categories, fill }) => translate(x, ['', ...categories], [fill, ...categories], ''),
};

/** Of equally frequent categories the first. */
function mostFrequentCategory(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[best]] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)) as [[string, number]];
  return best;
}
