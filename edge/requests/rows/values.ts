/** Values of features in rows, in the units of the rows. */
import type { JsonCell } from '../../../shared/api.ts';
import type { Features } from '../../../shared/features.ts';
import { shortestFloat } from '../../../shared/shortestFloat.ts';
import { matrixOf, type NumberTensor, type Tensors } from '../../../shared/tensor.ts';
import type { RowLayout } from './layout.ts';

/** Returns the value of the feature at a position of a row; null if it has none. */
export type ValueOf = (row: number, position: number) => JsonCell;

/** A boolean is a number in graphs; at least this is true. */
const TRUE_FROM = 0.5;

/** Returns the values of rows as a graph takes them, in the order of the features. */
export function valuesOf(
  { columns }: Features,
  { input, columns: own }: RowLayout,
  inputs: Tensors,
): ValueOf {
  if (input !== undefined) {
    const { data, width } = matrixOf(inputs[input] as NumberTensor);
    return (row, position) => cellOf(columns, position, data[row * width + position]!);
  }
  return (row, position) => {
    const value = inputs[own[position]!.input]!.data[row]!;
    // The empty text is a missing category.
    return typeof value === 'string' ? value || null : cellOf(columns, position, Number(value));
  };
}

/** A missing value is NaN in graphs, and values far from the training rows may overflow when they are decoded. */
export function cellOf(columns: Features['columns'], position: number, value: number): JsonCell {
  if (!Number.isFinite(value)) return null;
  return columns?.[position]?.type === 'boolean' ? value >= TRUE_FROM : shortestFloat(value);
}
