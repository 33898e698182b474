/** Values of features in reconstructions, in the units of the rows. */
import type { FeatureColumn, Features } from '../../shared/features.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { cellOf, type ValueOf } from '../requests/rows/values.ts';

/**
 * Returns the values of reconstructed rows. These hold a probability of each category: the value is the most
 * probable one.
 */
export function reconstructedValues({ columns }: Features, { data, width }: Matrix): ValueOf {
  const starts = columns === undefined ? undefined : startsOf(columns);
  return (row, position) => {
    const start = row * width + (starts?.[position] ?? position);
    const categories = columns?.[position]?.categories;
    if (categories === undefined) return cellOf(columns, position, data[start]!);
    let best = 0;
    for (let i = 1; i < categories.length; i++) if (data[start + i]! > data[start + best]!) best = i;
    return categories[best] ?? null;
  };
}

/** Returns the position of the first value of each column in a reconstructed row. */
function startsOf(columns: readonly FeatureColumn[]): number[] {
  let end = 0;
  return columns.map(({ categories }) => {
    const start = end;
    end += categories?.length ?? 1;
    return start;
  });
}
