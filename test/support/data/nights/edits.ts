/** Edits of a night's table: what poisons and honest changes are made of. */
import { permutation, random } from '../../../../shared/random.ts';
import {
  type CategoryColumn,
  type Column,
  columnOf,
  type DateColumn,
  selectRows,
  type Table,
} from '../../../../training/data/table.ts';
import { type Schema, texts } from './schemas.ts';

export interface NightContext {
  readonly schema: Schema;
  readonly seed: number;
  readonly rows: number;
  readonly day: number;
}

export interface Case {
  readonly change: (context: NightContext) => Table;
  /** Set if there is no champion yet. */
  readonly first?: true;
}

export function fresh({ schema, seed, rows, day }: NightContext): Table {
  return schema.night(seed, rows, day);
}

/** A night's rows in another selection, given by their number. */
export function selected(of: (count: number, night: Table) => readonly number[]): Case {
  return {
    change: (context) => {
      const night = fresh(context);
      return selectRows(night, Uint32Array.from(of(night.rowCount, night)));
    },
  };
}

export function rowsUpTo(count: number): number[] {
  return Array.from({ length: Math.floor(count) }, (_, row) => row);
}

type Named = (schema: Schema) => string;

/** A night in which the values of a column are others, in the rows for which `where` holds. */
export function revalued(
  name: Named,
  next: (value: number, values: Float64Array) => number,
  where: (row: number, count: number) => boolean = () => true,
): Case {
  return { change: (context) => withValues(fresh(context), name(context.schema), next, where) };
}

export function withValues(
  night: Table,
  name: string,
  next: (value: number, values: Float64Array) => number,
  where: (row: number, count: number) => boolean = () => true,
): Table {
  const values = valuesOf(night, name);
  const made = values.map((value, row) => (where(row, values.length) ? next(value, values) : value));
  return replaced(night, { type: 'number', name, values: made });
}

/** A night in which the texts of a column are others. */
export function retold(name: Named, next: (text: string, row: number) => string): Case {
  return {
    change: (context) => {
      const night = fresh(context);
      const own = textsOf(night, name(context.schema));
      return replaced(night, texts(name(context.schema), own.map(next)));
    },
  };
}

/** A night whose times are moved by days. */
export function moved(days: number): Case {
  return {
    change: (context) => {
      const night = fresh(context);
      const column = columnOf(night, context.schema.time) as DateColumn;
      return replaced(night, { ...column, values: column.values.map((time) => time + days * 86_400_000) });
    },
  };
}

export function replaced(night: Table, column: Column): Table {
  return { ...night, columns: night.columns.map((each) => (each.name === column.name ? column : each)) };
}

export function valuesOf(night: Table, name: string): Float64Array {
  return (columnOf(night, name) as { readonly values: Float64Array } & Column).values;
}

export function textsOf(night: Table, name: string): string[] {
  const { codes, categories } = columnOf(night, name) as CategoryColumn;
  return Array.from(codes, (code) => categories[code]!);
}

export function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** A column whose values went to other rows. */
export function shuffled(night: Table, name: string, seed: number): Table {
  const order = permutation(night.rowCount, random(seed, `shuffled ${name}`));
  const [column] = selectRows({ ...night, columns: [columnOf(night, name)] }, order).columns;
  return replaced(night, column!);
}

/** Rows of the rarer class of the flag. */
export function rareRows(night: Table, { flag, rare }: Schema): number[] {
  const column = columnOf(night, flag);
  const textOf = (row: number) =>
    column.type === 'category' ? column.categories[column.codes[row]!] : column.values[row];
  return rowsUpTo(night.rowCount).filter((row) => textOf(row) === rare);
}

export function numberNames({ columns }: Table): string[] {
  return columns.filter(({ type }) => type === 'number').map(({ name }) => name);
}
