/** The columns of a table, as a form and a file need them. */
import type { JsonCell, ModelDescription } from '../../../../shared/api.ts';
import { booleanOf } from '../../../../shared/booleanText.ts';

export interface TableColumn {
  readonly name: string;
  readonly unit: string | undefined;
  readonly type: 'number' | 'boolean' | 'category';
  /** True if a row may leave the value out. */
  readonly optional: boolean;
  readonly categories: readonly string[];
  /** Of the training rows; null if it is unknown. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

export function columnsOf({ features }: Pick<ModelDescription, 'features'>): TableColumn[] {
  const { names, units, columns, statistics, optional, count } = features;
  return Array.from({ length: count }, (_, i) => {
    const column = columns?.[i];
    const { categories } = column ?? {};
    return {
      name: names?.[i] ?? `${i}`,
      unit: units?.[i] || undefined,
      type: column?.type ?? 'number',
      optional: column?.optional ?? optional,
      categories: categories ?? [],
      min: statistics.min[i] ?? null,
      max: statistics.max[i] ?? null,
      mean: statistics.mean[i] ?? null,
    };
  });
}

/** Returns an ordinary value of a column: its mean, or its first category. */
export function usual({ type, categories, mean, min, max }: TableColumn): JsonCell {
  if (type === 'category') return categories[0] ?? null;
  if (type === 'boolean') return (mean ?? 0) >= 0.5;
  return mean === null ? (min ?? max ?? 0) : toStep(mean, { min, max });
}

type Range = Pick<TableColumn, 'min' | 'max'>;

/** A power of ten that divides the range of a column into hundreds of steps, or more. */
export function stepOf({ min, max }: Range): number {
  return min !== null && max !== null && max > min ? 10 ** Math.floor(Math.log10((max - min) / 300)) : 1;
}

/** Rounds a value to the steps of its column. */
export function toStep(value: number, range: Range): number {
  const step = stepOf(range);
  // The quotient of whole numbers has no digits of rounding.
  return step < 1 ? Math.round(value / step) / Math.round(1 / step) : Math.round(value / step) * step;
}

/** Reads a cell of a file; text that is no number stays, for the API to say what it expected. */
export function cellOf(text: string | undefined, { type }: TableColumn): JsonCell {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  if (type === 'category') return text!;
  const value = Number(trimmed);
  if (Number.isFinite(value)) return value;
  const word = type === 'boolean' ? booleanOf(trimmed) : undefined;
  return word === undefined ? trimmed : word === 1;
}
