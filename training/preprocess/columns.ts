/** Columns of a table, encoded as numbers. */
import { InputError } from '../../shared/errors.ts';
import { cellPlace } from '../data/columns.ts';
import type { FittedColumn, FittedStep } from '../data/preprocessing.ts';
import { type Column, isMissing, selectRows, type Table } from '../data/table.ts';
import { applyStep, type Cells, fitStep, type TransformStep } from './steps.ts';

/**
 * Fits the steps of a column to the training rows, each step to the output of the step before it.
 * @throws {InputError} naming the column.
 */
export function fitColumn(
  table: Table,
  name: string,
  steps: readonly TransformStep[],
  train: Uint32Array,
): FittedColumn {
  const [column] = selectRows(
    { ...table, columns: table.columns.filter((each) => each.name === name) },
    train,
  ).columns;
  const { type } = column!;
  const place = `${table.source}: column ${name}`;
  if (type === 'date') throw new InputError(`${place}: expected numbers or categories, received dates`);
  let cells = cellsOf(column!);
  const fitted: FittedStep[] = [];
  for (const step of steps) {
    const next = fitStep(step, cells, place);
    fitted.push(next);
    cells = applyStep(next, cells, place);
  }
  if (cells.kind === 'strings')
    throw new InputError(`${place}: expected oneHot or label among the steps of categories`);
  return { name, type, steps: fitted };
}

/**
 * Encodes a column as `[N, width]`, row-major.
 * @throws {InputError} naming the column, if its type differs from the fitted column's or a value cannot be
 * encoded.
 */
export function encodeColumn(
  column: Column,
  { name, type, steps }: FittedColumn,
  source: string,
): Float32Array {
  const place = `${source}: column ${name}`;
  if (column.type !== type)
    throw new InputError(`${place}: expected ${KINDS[type]}, found ${KINDS[column.type]}`);
  requireFloat32Range(column, source);
  const start = cellsOf(column);
  const { values } = steps.reduce((cells, step) => applyStep(step, cells, place), start);
  const encoded = values as Float32Array;
  requireEncoded(column, encoded, source);
  return encoded;
}

/**
 * Refuses a value that has no encoding although it is not missing, such as the logarithm of a negative
 * number.
 */
function requireEncoded(column: Column, encoded: Float32Array, source: string): void {
  if (column.type === 'category') return;
  const { values } = column;
  const width = encoded.length / values.length;
  // Loops, since a call for each of a million values takes longer than their encoding.
  let at = 0;
  while (
    at < encoded.length &&
    (Number.isFinite(encoded[at]!) || Number.isNaN(values[Math.floor(at / width)]!))
  )
    at++;
  if (at === encoded.length) return;
  const row = Math.floor(at / width);
  throw new InputError(
    `${cellPlace({ source, name: column.name }, row)}: expected a value that the transforms fitted in training can encode, received ${values[row]}; leave the row out, or train again: newer models take any number`,
  );
}

/** Returns how many values of a column are categories that no training row had, and an example. */
export function unseenIn(column: Column, { steps }: FittedColumn): { count: number; example?: string } {
  const known = steps.flatMap(({ statistics }) =>
    'categories' in statistics ? [statistics.categories as readonly string[]] : [],
  )[0];
  if (column.type !== 'category' || known === undefined) return { count: 0 };
  const set = new Set(known);
  const unseen = column.categories.map((category) => !set.has(category));
  let count = 0;
  for (const code of column.codes) if (code >= 0 && unseen[code]!) count++;
  const example = column.categories[unseen.indexOf(true)];
  return example === undefined || count === 0 ? { count } : { count, example };
}

/** Returns the encoding of a missing value: NaN if no step imputes it, undefined if a step refuses it. */
export function encodedMissing({ name, type, steps }: FittedColumn): Float32Array | undefined {
  const start: Cells =
    type === 'category'
      ? { kind: 'strings', values: [''] }
      : { kind: 'numbers', values: Float32Array.of(Number.NaN), width: 1 };
  try {
    return steps.reduce((cells, step) => applyStep(step, cells, name), start).values as Float32Array;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const KINDS: Readonly<Record<Column['type'], string>> = {
  number: 'numbers',
  boolean: 'booleans',
  category: 'categories',
  date: 'dates',
};

/** Returns 1 for each row in which the column is missing and 0 for the others. */
export function missingIn(column: Column): Float32Array {
  const { length } = column.type === 'category' ? column.codes : column.values;
  return Float32Array.from({ length }, (_, row) => Number(isMissing(column, row)));
}

function cellsOf(column: Column): Cells {
  if (column.type === 'category') {
    const { codes, categories } = column;
    return { kind: 'strings', values: Array.from(codes, (code) => categories[code] ?? '') };
  }
  return { kind: 'numbers', values: new Float32Array(column.values), width: 1 };
}

/** Refuses a float64 beyond float32's range, which would become infinite. */
function requireFloat32Range(column: Column, source: string): void {
  if (column.type === 'category') return;
  const { values } = column;
  let row = 0;
  while (row < values.length && (Number.isNaN(values[row]!) || Number.isFinite(Math.fround(values[row]!))))
    row++;
  if (row === values.length) return;
  throw new InputError(
    `${cellPlace({ source, name: column.name }, row)}: expected a finite float32 number, received ${column.values[row]}`,
  );
}
