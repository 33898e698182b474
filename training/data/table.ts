/** Tables: named, typed columns, as read from a file, before they are encoded for a model. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import type { DecimalMark } from './numberText.ts';

/** A decision about how text was read, printed so that users can check it. */
export interface ColumnNote {
  readonly kind:
    | 'notation'
    | 'decimal point'
    | 'decimal comma'
    | 'thousands'
    | 'leading zeros'
    | 'missing'
    | 'date'
    | 'alike';
  readonly text: string;
  /** The decimal mark, where the numbers do not show it or it is a comma. */
  readonly decimal?: DecimalMark;
}

interface NamedColumn {
  readonly name: string;
  /** Decisions of the reader, if there are any. */
  readonly notes?: readonly ColumnNote[];
}

/** Numbers; NaN is missing, infinity does not occur. Integers beyond 2^53 are rounded to float64. */
export interface NumberColumn extends NamedColumn {
  readonly type: 'number';
  /** Float32 if the file stores float32 (Parquet's FLOAT), otherwise float64. */
  readonly values: Float64Array | Float32Array;
  /** Name of the column of lists that this is one position of. */
  readonly list?: string;
}

/** Booleans: 0 is false, 1 is true, NaN is missing. */
export interface BooleanColumn extends NamedColumn {
  readonly type: 'boolean';
  readonly values: Float32Array;
}

/** Milliseconds since 1970-01-01 UTC; NaN is missing. */
export interface DateColumn extends NamedColumn {
  readonly type: 'date';
  readonly values: Float64Array;
}

/** Text, with each distinct value stored once: row r holds `categories[codes[r]]`; code -1 is missing. */
export interface CategoryColumn extends NamedColumn {
  readonly type: 'category';
  readonly codes: Int32Array;
  /** Sorted by code units, so that the codes do not depend on the order of the rows. */
  readonly categories: readonly string[];
}

export type Column = NumberColumn | BooleanColumn | DateColumn | CategoryColumn;
export type ColumnType = Column['type'];

export interface Table {
  /** Origin of the rows, for messages and the manifest. */
  readonly source: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** Set if there are more rows than are held: the table is then a random sample of them. */
  readonly whole?: WholeTable;
}

/** All rows of a table of which only a sample is held in memory. */
export interface WholeTable {
  readonly rowCount: number;
  /** Number, among all rows, of each row that is held; ascending. */
  readonly held: Uint32Array;
  /**
   * Rows that are held although they were not drawn, since they are the first of their category, as places in
   * `held`; ascending. They belong to the training rows.
   */
  readonly covering: Uint32Array;
  /**
   * Reads all rows again, in order, in tables of 8,192 rows.
   * @throws {InputError} naming the column, if a value does not have the type that the sample has.
   */
  readonly pieces: () => AsyncGenerator<Table>;
  /** Ends the access to the source. */
  readonly close: () => void;
}

/**
 * Returns the column called `name`.
 * @throws {InputError} naming the table's columns, if there is none.
 */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) {
    const names = table.columns.map((each) => each.name);
    throw new InputError(
      `${table.source}: expected a column ${name}, found ${names.join(', ')}${didYouMean(name, names)}`,
    );
  }
  return column;
}

/** Returns the column's values in row order, NaN if missing; for categories, their codes. */
export function numbersOf(column: Column): ArrayLike<number> {
  if (column.type !== 'category') return column.values;
  const { codes } = column;
  const numbers = new Float64Array(codes.length);
  for (let r = 0; r < codes.length; r++) numbers[r] = codes[r]! < 0 ? Number.NaN : codes[r]!;
  return numbers;
}

export function isMissing(column: Column, row: number): boolean {
  return column.type === 'category' ? column.codes[row]! < 0 : Number.isNaN(column.values[row]!);
}

/** Copies the rows at `indices`, in that order. */
export function selectRows(table: Table, indices: Uint32Array): Table {
  return {
    ...table,
    rowCount: indices.length,
    columns: table.columns.map((column) => selectFrom(column, indices)),
  };
}

/** Returns the columns with the given names, in the table's order. */
export function selectColumns(table: Table, names: readonly string[]): Table {
  for (const name of names) columnOf(table, name);
  return { ...table, columns: table.columns.filter(({ name }) => names.includes(name)) };
}

/**
 * Drops the rows in which one of the columns `names` (all by default) is missing.
 * @throws {InputError} if no row is complete.
 */
export function dropMissing(
  table: Table,
  names: readonly string[] = table.columns.map(({ name }) => name),
): Table {
  const columns = names.map((name) => columnOf(table, name));
  const complete: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (columns.every((column) => !isMissing(column, row))) complete.push(row);
  }
  if (complete.length === 0) {
    throw new InputError(
      `${table.source}: expected a row without a missing value in ${names.join(', ')}, found none; leave out the columns that are mostly missing`,
    );
  }
  return selectRows(table, Uint32Array.from(complete));
}

export function selectFrom(column: Column, indices: Uint32Array): Column {
  switch (column.type) {
    case 'category':
      return { ...column, codes: gatherValues(column.codes, indices, new Int32Array(indices.length)) };
    case 'boolean':
      return { ...column, values: gatherValues(column.values, indices, new Float32Array(indices.length)) };
    case 'date':
      return { ...column, values: gatherValues(column.values, indices, new Float64Array(indices.length)) };
    case 'number': {
      const Values = column.values instanceof Float32Array ? Float32Array : Float64Array;
      return { ...column, values: gatherValues(column.values, indices, new Values(indices.length)) };
    }
  }
}

function gatherValues<T extends Int32Array | Float32Array | Float64Array>(
  from: ArrayLike<number>,
  indices: Uint32Array,
  into: T,
): T {
  for (let i = 0; i < indices.length; i++) into[i] = from[indices[i]!]!;
  return into;
}
