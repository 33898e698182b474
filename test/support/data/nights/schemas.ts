/** Tables as they come every night: two worlds whose columns depend on a few hidden numbers each. */
import { type Random, random } from '../../../../shared/random.ts';
import type {
  CategoryColumn,
  Column,
  DateColumn,
  NumberColumn,
  Table,
} from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';

const DAY = 86_400_000;

export interface Schema {
  readonly name: string;
  /** A night of fresh rows; the rows of day `day` are a day's worth of times. */
  readonly night: (seed: number, rows: number, day: number) => Table;
  /** Columns that poisons and honest changes are applied to. */
  readonly number: string;
  readonly other: string;
  readonly third: string;
  readonly category: string;
  /** A column of few classes, and the value of its rarer class. */
  readonly flag: string;
  readonly rare: number | string;
  readonly time: string;
}

/** Deliveries, as in the table that promoted poison. The thresholds of the gates were chosen on this one. */
export const deliveries: Schema = {
  name: 'deliveries',
  ...{ number: 'distance', other: 'temp', third: 'price', category: 'channel' },
  ...{ flag: 'late', rare: 1, time: 'at' },
  night: (seed, rows, day) => {
    const source = random(seed, 'deliveries');
    const [z1, z2, z3] = [0, 1, 2].map(() => normals(source, rows)) as [number[], number[], number[]];
    const noise = () => normals(source, rows);
    const made = (of: (row: number, error: number) => number) => noise().map((error, row) => of(row, error));
    const rounded = (digits: number, of: (row: number, error: number) => number) =>
      made(of).map((value) => Number(value.toFixed(digits)));
    return table(rows, [
      times('at', source, rows, day),
      texts(
        'channel',
        made((r, e) => Math.abs(z3[r]! + 0 * e) * 1.6).map(
          (v) => ['web', 'app', 'store', 'phone'][Math.min(3, Math.floor(v))]!,
        ),
      ),
      texts(
        'region',
        made((r) => 0.5 + 0.2 * Math.tanh(z1[r]!)).map((p) => (source.uniform() < p ? 'north' : 'south')),
      ),
      numbers(
        'price',
        rounded(2, (r, e) => Math.exp(3 + 0.4 * z1[r]! + 0.1 * e)),
      ),
      numbers(
        'weight',
        rounded(3, (r, e) => 2 + 0.8 * z1[r]! + 0.5 * z2[r]! ** 2 + 0.1 * e),
      ),
      numbers(
        'distance',
        rounded(2, (r, e) => 50 + 20 * z2[r]! + 2 * e),
      ),
      numbers(
        'hours',
        rounded(2, (r, e) => 24 + 5 * z2[r]! + 3 * z1[r]! ** 2 + e),
      ),
      numbers(
        'age',
        rounded(1, (r, e) => 40 + 10 * z3[r]! + 2 * e),
      ),
      numbers(
        'sessions',
        rounded(0, (r, e) => Math.max(0, 5 + 2 * z1[r]! - z3[r]! + e)),
      ),
      numbers(
        'temp',
        rounded(2, (r, e) => 15 + 8 * Math.sin(z2[r]!) + e),
      ),
      numbers(
        'speed',
        rounded(2, (r, e) => 60 - 10 * Math.cos(z1[r]!) + e),
      ),
      numbers(
        'late',
        made((r, e) => Number(z1[r]! + 0.5 * z2[r]! + 0.3 * e > 0.8)),
      ),
    ]);
  },
};

/** Machines: heavier tails, zeros, a count and more categories. No threshold was chosen on it. */
export const machines: Schema = {
  name: 'machines',
  ...{ number: 'current', other: 'pressure', third: 'runtime', category: 'line' },
  ...{ flag: 'fault', rare: 'yes', time: 'measured' },
  night: (seed, rows, day) => {
    const source = random(seed, 'machines');
    const [load, wear] = [0, 1].map(() => normals(source, rows)) as [number[], number[]];
    const noise = () => normals(source, rows);
    const made = (of: (row: number, error: number) => number) => noise().map((error, row) => of(row, error));
    const lines = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1'];
    return table(rows, [
      texts(
        'line',
        made((r, e) => 3 + 1.5 * wear[r]! + 0.5 * e).map(
          (v) => lines[Math.min(6, Math.max(0, Math.round(v)))]!,
        ),
      ),
      numbers(
        'current',
        made((r, e) => 12 + 3 * load[r]! + 0.4 * e),
      ),
      numbers(
        'torque',
        made((r, e) => 80 + 25 * Math.tanh(load[r]!) + 3 * e),
      ),
      numbers(
        'vibration',
        made((r, e) => Math.exp(0.8 * wear[r]! + 0.2 * e)),
      ),
      numbers(
        'pressure',
        made((r, e) => 101 + 2 * load[r]! * wear[r]! + 0.5 * e),
      ),
      numbers(
        'runtime',
        made((r, e) => Math.exp(6 + 0.9 * load[r]! - 0.3 * wear[r]! + 0.1 * e)),
      ),
      // Most rows have no alarm.
      numbers(
        'alarms',
        made((r, e) => Math.max(0, Math.floor(wear[r]! + 0.3 * e))),
      ),
      numbers(
        'leak',
        made((r, e) => Math.max(0, wear[r]! - 1 + 0.1 * e)),
      ),
      texts(
        'fault',
        made((r, e) => wear[r]! + 0.4 * load[r]! + 0.3 * e).map((v) => (v > 1.6 ? 'yes' : 'no')),
      ),
      times('measured', source, rows, day),
    ]);
  },
};

const START = Date.parse('2025-01-01');

function times(name: string, source: Random, rows: number, day: number): DateColumn {
  const values = Float64Array.from({ length: rows }, () => START + DAY * (day + source.uniform()));
  return { type: 'date', name, values: values.sort() };
}

export function numbers(name: string, values: ArrayLike<number>): NumberColumn {
  return { type: 'number', name, values: Float64Array.from(values) };
}

export function texts(name: string, values: readonly string[]): CategoryColumn {
  const categories = [...new Set(values)].sort();
  const place = new Map(categories.map((each, i) => [each, i]));
  return { type: 'category', name, categories, codes: Int32Array.from(values, (each) => place.get(each)!) };
}

export function table(rowCount: number, columns: readonly Column[]): Table {
  return { source: 'made', rowCount, columns };
}
