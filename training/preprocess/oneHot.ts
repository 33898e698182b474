import { oneHotOfStrings } from '../graph/ops/oneHotEncoder.ts';
import { distinctCategories, type Encoding, shares, UnknownPolicy } from './categories.ts';
import type { CategoryTransform } from './transform.ts';

/**
 * Every loss that compares numbers with ones and zeros is lowest at the categories' probabilities, or near them, so that the
 * way back has to see to no more than that they are not negative and add up to 1.
 */
export const oneHot: CategoryTransform<typeof UnknownPolicy, Encoding> = {
  kind: 'category',
  summary: 'a number for every category: 1 for its own, 0 for the others',
  config: UnknownPolicy,
  fit: (values, { unknown }) => ({ categories: distinctCategories(values), unknown }),
  width: ({ categories }) => categories.length,
  apply: (index, into) => {
    if (index >= 0) into[index] = 1;
  },
  emit: (x, { categories, unknown }) => oneHotOfStrings(x, categories, unknown),
  invert: (y) => shares(y),
};
