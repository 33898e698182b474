/** The columns of a table, as a form and a file need them. */
import type { JsonCell, ModelDescription } from '../../../../shared/api.ts';
import { booleanOf } from '../../../../shared/booleanText.ts';
import { MISSING } from '../../../../shared/missingMarks.ts';

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

/** A row by the names of its columns. */
export type TableRow = Readonly<Record<string, JsonCell>>;

/** Returns an ordinary row with some changes. */
export function rowOf(columns: readonly TableColumn[], changed: Readonly<Record<string, unknown>>): TableRow {
  return Object.fromEntries(
    columns.map((column) => {
      const given = changed[column.name] as JsonCell | undefined;
      return [column.name, given === undefined ? usual(column) : given];
    }),
  );
}

/**
 * Returns a row with a value of each column at random, from all of its range: each is possible, the row as a whole hardly
 * ever. `uniform` returns numbers in [0, 1).
 */
export function anyRow(columns: readonly TableColumn[], uniform: () => number): TableRow {
  return Object.fromEntries(
    columns.map(({ name, type, categories, min, max }) => {
      const share = uniform();
      if (type === 'boolean') return [name, share < 0.5];
      if (type === 'category') return [name, categories[Math.floor(share * categories.length)] ?? null];
      return [name, toStep((min ?? 0) + share * ((max ?? 1) - (min ?? 0)), { min, max })];
    }),
  );
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

const MARKS: ReadonlySet<string> = new Set(MISSING);

/**
 * Reads a cell of a file as training does: without spaces around it, and null for what marks a missing value, unless it
 * is a category. Text that is no number stays, for the API to say what it expected.
 */
export function cellOf(text: string | undefined, { type, categories }: TableColumn): JsonCell {
  const trimmed = text?.trim() ?? '';
  if (categories.includes(trimmed)) return trimmed;
  if (MARKS.has(trimmed)) return null;
  if (type === 'category') return trimmed;
  const value = Number(trimmed);
  if (Number.isFinite(value)) return value;
  const word = type === 'boolean' ? booleanOf(trimmed) : undefined;
  return word === undefined ? trimmed : word === 1;
}
