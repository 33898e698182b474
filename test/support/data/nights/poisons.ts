/** Poison: tables of a night that must be refused. */
import { permutation, random } from '../../../../shared/random.ts';
import { columnOf, type DateColumn, selectRows, type Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import {
  type Case,
  deviationOf,
  fresh,
  moved,
  numberNames,
  rareRows,
  replaced,
  retold,
  revalued,
  rowsUpTo,
  selected,
  shuffled,
  textsOf,
  valuesOf,
  withValues,
} from './edits.ts';
import { HIDDEN_POISONS } from './hidden.ts';
import { numbers, type Schema } from './schemas.ts';

const number = (schema: Schema) => schema.number;
const other = (schema: Schema) => schema.other;
const third = (schema: Schema) => schema.third;
const category = (schema: Schema) => schema.category;
const fifty = selected((count) => rowsUpTo(count).map((row) => row % 50));
const three = selected(() => [0, 1, 2]);
const times = (factor: number) => (value: number) => value * factor;
const median = (values: Float64Array) => values.toSorted()[values.length >> 1]!;

function higher(night: Table, name: string, where: (row: number, count: number) => boolean): Table {
  const by = 0.7 * deviationOf(valuesOf(night, name));
  return withValues(night, name, (value) => value + by, where);
}

export const POISONS: Readonly<Record<string, Case>> = {
  ...HIDDEN_POISONS,
  'fifty rows, copied': fifty,
  'fifty copied rows as the first version': { ...fifty, first: true },
  'every row five times': selected((count) => rowsUpTo(count).map((row) => row % (count / 5))),
  'three times as many rows, each three times': selected((count) => [1, 2, 3].flatMap(() => rowsUpTo(count))),
  'three rows': three,
  'three rows as the first version': { ...three, first: true },
  'three readings of -9999': revalued(
    number,
    () => -9999,
    (row) => row > 100 && row < 104,
  ),
  'a third of the rows': selected((count) => rowsUpTo(0.33 * count)),
  'a sensor that is stuck in 95 % of the rows': revalued(
    other,
    (_, all) => median(all),
    (row) => row % 20 > 0,
  ),
  'a sensor that is stuck in the last 40 % of the rows': revalued(
    number,
    (_, all) => all[Math.floor(0.6 * all.length)]!,
    (row, count) => row > 0.6 * count,
  ),
  'missing numbers that became 0 in 30 % of the rows': revalued(
    number,
    () => 0,
    (row) => row % 10 < 3,
  ),
  'miles that became kilometres': revalued(number, times(1.609)),
  'Celsius that became Fahrenheit': revalued(other, (value) => 1.8 * value + 32),
  'metres in place of kilometres': revalued(number, times(1000)),
  'metres in place of kilometres in 1 % of the rows': revalued(number, times(1000), (row) => row % 100 === 0),
  'minutes in place of hours in 3 % of the rows': revalued(third, times(60), (row) => row % 33 === 0),
  'cents in place of units': revalued(third, times(100)),
  'numbers of the other sign': revalued(third, times(-1)),
  'a sentinel in 10 % of the rows': revalued(
    other,
    () => -999,
    (row) => row % 10 === 0,
  ),
  'half of the numbers missing': revalued(
    number,
    () => Number.NaN,
    (row) => row % 2 === 0,
  ),
  'a quarter of the numbers missing': revalued(
    third,
    () => Number.NaN,
    (row) => row % 4 === 0,
  ),
  '8 % of the numbers missing': revalued(
    number,
    () => Number.NaN,
    (row) => row % 12 === 0,
  ),
  'a 0 in 3 % of the measurements': revalued(
    number,
    () => 0,
    (row) => row % 33 === 0,
  ),
  'numbers that lie 0.7 deviations higher in the last half': {
    change: (context) => higher(fresh(context), context.schema.number, (row, count) => row >= count / 2),
  },
  'numbers that lie 0.7 deviations higher in the later half, in rows of no order': {
    change: (context) => {
      const night = fresh(context);
      const risen = higher(night, context.schema.number, (row, count) => row >= count / 2);
      return selectRows(risen, permutation(night.rowCount, random(context.seed, 'no order')));
    },
  },
  'numbers with noise of four tenths of their deviation': {
    change: (context) => {
      const night = fresh(context);
      const errors = normals(random(context.seed, 'noise'), night.rowCount);
      const by = 0.4 * deviationOf(valuesOf(night, context.schema.number));
      const values = valuesOf(night, context.schema.number).map((value, row) => value + by * errors[row]!);
      return replaced(night, numbers(context.schema.number, values));
    },
  },
  'numbers that were cut off at the quantile 98.5 %': revalued(number, (value, all) =>
    Math.min(value, all.toSorted()[Math.floor(0.985 * all.length)]!),
  ),
  'numbers without their decimals': revalued(number, Math.trunc),
  'a column of one value': revalued(other, () => 15),
  'a column that is gone': {
    change: (context) => {
      const night = fresh(context);
      return { ...night, columns: night.columns.filter(({ name }) => name !== context.schema.third) };
    },
  },
  'a class that is six times as frequent': {
    change: (context) => {
      const night = fresh(context);
      const rare = rareRows(night, context.schema);
      const copies = [1, 2, 3, 4, 5].flatMap(() => rare);
      return selectRows(night, Uint32Array.from([...rowsUpTo(night.rowCount), ...copies]));
    },
  },
  'rows of one class': {
    change: (context) => {
      const night = fresh(context);
      const rare = new Set(rareRows(night, context.schema));
      return selectRows(night, Uint32Array.from(rowsUpTo(night.rowCount).filter((row) => !rare.has(row))));
    },
  },
  'a third of the rows in a new category': retold(category, (text, row) => (row % 3 === 0 ? 'kiosk' : text)),
  'categories in capital letters': retold(category, (text) => text.toUpperCase()),
  'a category that was not exported': {
    change: (context) => {
      const night = fresh(context);
      const own = textsOf(night, context.schema.category);
      const countOf = (text: string) => own.filter((each) => each === text).length;
      const most = [...new Set(own)].reduce((a, b) => (countOf(b) > countOf(a) ? b : a));
      return selectRows(night, Uint32Array.from(rowsUpTo(own.length).filter((row) => own[row] !== most)));
    },
  },
  'times of the year 2099': moved(74 * 365.25),
  'times of the year before': moved(-365),
  'half of the rows from the year before': {
    change: (context) => {
      const night = fresh(context);
      const column = columnOf(night, context.schema.time) as DateColumn;
      const values = column.values.map((time, row) => (row % 2 === 0 ? time : time - 365 * 86_400_000));
      return replaced(night, { ...column, values });
    },
  },
  'columns that changed places': {
    change: (context) => {
      const night = fresh(context);
      const [a, b] = [context.schema.number, context.schema.other];
      return replaced(replaced(night, numbers(a, valuesOf(night, b))), numbers(b, valuesOf(night, a)));
    },
  },
  'a column that was sorted by itself': {
    change: (context) => {
      const night = fresh(context);
      const { number: name } = context.schema;
      return replaced(night, numbers(name, valuesOf(night, name).toSorted()));
    },
  },
  'columns that were shuffled': {
    change: (context) => {
      const night = fresh(context);
      return numberNames(night).reduce((table, name) => shuffled(table, name, context.seed), night);
    },
  },
  'two columns that were joined to other rows': {
    change: (context) => {
      const { number: a, other: b } = context.schema;
      return shuffled(shuffled(fresh(context), a, context.seed), b, context.seed);
    },
  },
};
