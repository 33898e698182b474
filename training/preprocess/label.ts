import { sub } from '../graph/ops/arithmetic.ts';
import { clip } from '../graph/ops/clip.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { oneHotOfStrings } from '../graph/ops/oneHotEncoder.ts';
import { abs } from '../graph/ops/powers.ts';
import { constant, float32s, scalar } from '../graph/value.ts';
import { distinctCategories, type Encoding, shares, UnknownPolicy } from './categories.ts';
import type { CategoryTransform } from './transform.ts';

/** The inverse divides a number between two positions among the two categories, in proportion to nearness. */
export const label: CategoryTransform<typeof UnknownPolicy, Encoding> = {
  kind: 'category',
  summary:
    'encodes a category as its position, from 1, in sorted order: for names that sort in a meaningful order',
  config: UnknownPolicy,
  fit: (values, { unknown }) => ({ categories: distinctCategories(values), unknown }),
  width: () => 1,
  apply: (index, into) => {
    into[0] = index + 1;
  },
  emit: (x, { categories, unknown }) => {
    const positions = Float32Array.from(categories, (_, i) => i + 1);
    const column = constant({ dtype: 'float32', shape: [positions.length, 1], data: positions });
    return gemm(oneHotOfStrings(x, categories, unknown), column);
  },
  invert: (y, { categories }) => {
    const position = clip(y, { min: 1, max: categories.length });
    const distance = abs(sub(position, float32s(categories.map((_, i) => i + 1))));
    return shares(sub(scalar(1), distance));
  },
};
