import { oneHotOfStrings } from '../graph/ops/oneHotEncoder.ts';
import { distinctCategories, type Encoding, shares, UnknownPolicy } from './categories.ts';
import type { CategoryTransform } from './transform.ts';

/**
 * A loss between the outputs and ones and zeros is lowest at, or near, the categories' probabilities. The
 * inverse therefore only clips negative values and normalises the sum to 1.
 */
export const oneHot: CategoryTransform<typeof UnknownPolicy, Encoding> = {
  kind: 'category',
  summary: 'encodes a category as one number per category: 1 for its own, 0 for the others',
  config: UnknownPolicy,
  fit: (values, { unknown }) => ({ categories: distinctCategories(values), unknown }),
  width: ({ categories }) => categories.length,
  apply: (index, into) => {
    if (index >= 0) into[index] = 1;
  },
  emit: (x, { categories, unknown }) => oneHotOfStrings(x, categories, unknown),
  invert: (y) => shares(y),
};
