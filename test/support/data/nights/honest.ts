/** Honest changes: tables of a night that must pass. */
import { type Column, selectRows, type Table } from '../../../../training/data/table.ts';
import {
  type Case,
  deviationOf,
  fresh,
  numberNames,
  rareRows,
  replaced,
  retold,
  revalued,
  rowsUpTo,
  selected,
  textsOf,
  valuesOf,
  withValues,
} from './edits.ts';
import { WEAK_CHANGES } from './hidden.ts';
import { numbers, type Schema, texts } from './schemas.ts';

const number = (schema: Schema) => schema.number;
const withRows = (factor: number): Case => ({
  change: (context) => fresh({ ...context, rows: Math.round(factor * context.rows) }),
});

export const HONEST: Readonly<Record<string, Case>> = {
  ...WEAK_CHANGES,
  'fresh rows': { change: fresh },
  'a season: all measurements moved by 0.1 standard deviations': {
    change: (context) => {
      const night = fresh(context);
      const measured = numberNames(night).filter((name) => !valuesOf(night, name).every(Number.isInteger));
      return measured.reduce((table, name) => {
        const by = 0.1 * deviationOf(valuesOf(night, name));
        // What does not occur occurs in no season.
        return withValues(table, name, (value) => (value === 0 ? 0 : value + by));
      }, night);
    },
  },
  'a season in sorted rows': {
    change: (context) => {
      const sorted = HONEST['sorted rows']!.change(context);
      const { number: name } = context.schema;
      const by = 0.15 * deviationOf(valuesOf(sorted, name));
      return withValues(sorted, name, (value) => value + by);
    },
  },
  'the rows of each category together': {
    change: (context) => {
      const night = fresh(context);
      const own = textsOf(night, context.schema.category);
      const order = rowsUpTo(night.rowCount).sort((a, b) => own[a]!.localeCompare(own[b]!));
      return selectRows(night, Uint32Array.from(order));
    },
  },
  'measurements that fall by 2 % from the first row to the last': {
    change: (context) => {
      const night = fresh(context);
      const { number: name } = context.schema;
      const values = valuesOf(night, name).map((value, row) => value * (1 - (0.02 * row) / night.rowCount));
      return replaced(night, numbers(name, values));
    },
  },
  'prices that rose by 4 %': revalued(
    (schema) => schema.third,
    (value) => 1.04 * value,
  ),
  '30 % more rows': withRows(1.3),
  '30 % fewer rows': withRows(0.7),
  'a new category in 0.5 % of the rows': retold(
    (schema) => schema.category,
    (text, row) => (row % 200 === 0 ? 'kiosk' : text),
  ),
  'another order of the columns': {
    change: (context) => {
      const night = fresh(context);
      return { ...night, columns: night.columns.toReversed() };
    },
  },
  'another order of the rows': selected((count) => rowsUpTo(count).toReversed()),
  'sorted rows': {
    change: (context) => {
      const night = fresh(context);
      const values = valuesOf(night, context.schema.number);
      const order = rowsUpTo(night.rowCount).sort((a, b) => values[a]! - values[b]!);
      return selectRows(night, Uint32Array.from(order));
    },
  },
  '2 % of the numbers missing': revalued(
    number,
    () => Number.NaN,
    (row) => row % 50 === 0,
  ),
  'one row that is far out': revalued(
    number,
    (value) => 10 * value,
    (row) => row === 7,
  ),
  '3 % of the rows exported twice': selected((count) => [...rowsUpTo(count), ...rowsUpTo(0.03 * count)]),
  'a class that is a fifth more frequent': {
    change: (context) => {
      const night = fresh(context);
      const rare = rareRows(night, context.schema);
      const more = rare.slice(0, rare.length / 5);
      return selectRows(night, Uint32Array.from([...rowsUpTo(night.rowCount), ...more]));
    },
  },
  'half of the rows from another night': {
    change: (context) => {
      const half = { ...context, rows: Math.floor(context.rows / 2) };
      return stacked(fresh(half), fresh({ ...half, seed: context.seed + 5000 }));
    },
  },
};

function stacked(a: Table, b: Table): Table {
  const columns = a.columns.map((column): Column => {
    const { name } = column;
    if (column.type === 'category') return texts(name, [...textsOf(a, name), ...textsOf(b, name)]);
    const values = [...valuesOf(a, name), ...valuesOf(b, name)];
    return column.type === 'date' ? { ...column, values: Float64Array.from(values) } : numbers(name, values);
  });
  return { ...a, rowCount: a.rowCount + b.rowCount, columns };
}
