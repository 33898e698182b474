/** Parcels: seven columns of numbers that depend on one another, and a category that two of them depend on. */
import { random } from '../../../../shared/random.ts';
import { selectRows, type Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import { deviationOf, numberNames, replaced, shuffled, textsOf, valuesOf, withValues } from './edits.ts';
import { numbers, table, texts } from './schemas.ts';

const REGIONS = ['north', 'north', 'north', 'north', 'south', 'south', 'south', 'east', 'east', 'west'];

/** @param regions As often as each is to occur. */
export function parcels(seed: number, rows = 1500, regions: readonly string[] = REGIONS): Table {
  const source = random(seed, 'parcels');
  const region = Array.from({ length: rows }, () => regions[source.integer(regions.length)]!);
  const made = (of: (row: number, error: number) => number) =>
    Float64Array.from(normals(source, rows), (error, row) => of(row, error));
  const rounded = (values: Float64Array) => values.map((value) => Math.round(1000 * value) / 1000);
  // Gamma distributed, of shape 3.
  const distance = made((row) => {
    const product = (1 - source.uniform()) * (1 - source.uniform()) * (1 - source.uniform());
    return -4 * Math.log(product) + (region[row] === 'west' ? 4 : 0);
  });
  const weight = made((_, e) => Math.exp(1 + 0.5 * e));
  const temperature = made((_, e) => 14 + 6 * e);
  const columns = {
    ...{ distance, weight, temperature },
    duration: made((row, e) => 8 + 2.4 * distance[row]! + 4 * e),
    price: made((row, e) => 5 + 0.8 * distance[row]! + 3.1 * weight[row]! + 2 * e),
    humidity: made((row, e) => Math.min(100, 75 - 1.6 * (temperature[row]! - 14) + 6 * e)),
    balance: made((row, e) => 0.5 * (temperature[row]! - 14) + 10 * e),
  };
  return table(rows, [
    texts('region', region),
    ...Object.entries(columns).map(([name, values]) => numbers(name, rounded(values))),
  ]);
}

const uniforms = (count: number, seed: number) => {
  const source = random(seed, 'edited rows');
  return Array.from({ length: count }, () => source.uniform());
};

function noisy(night: Table, name: string, deviations: number, seed: number): Table {
  const errors = normals(random(seed, 'noise'), night.rowCount);
  const by = deviations * deviationOf(valuesOf(night, name));
  return replaced(
    night,
    numbers(
      name,
      valuesOf(night, name).map((value, row) => value + by * errors[row]!),
    ),
  );
}

/** Poison that leaves every column nearly as it was, with the gate that is to refuse it. */
export const SUBTLE: Readonly<
  Record<string, readonly [gate: string, change: (night: Table, seed: number) => Table]>
> = {
  'a column that was shifted by a row': [
    'relations',
    (night) => {
      const values = valuesOf(night, 'duration');
      return replaced(night, numbers('duration', [values.at(-1)!, ...values.slice(0, -1)]));
    },
  ],
  'a column that was shuffled in half of the rows': [
    'relations',
    (night, seed) => {
      const moved = valuesOf(shuffled(night, 'duration', seed), 'duration');
      const chosen = uniforms(night.rowCount, seed);
      const values = valuesOf(night, 'duration').map((value, row) =>
        chosen[row]! < 0.5 ? moved[row]! : value,
      );
      return replaced(night, numbers('duration', values));
    },
  ],
  'two columns that changed places in 15 % of the rows': [
    'relations',
    (night, seed) => {
      const chosen = uniforms(night.rowCount, seed);
      const [a, b] = [valuesOf(night, 'duration'), valuesOf(night, 'price')];
      const mixed = (own: Float64Array, other: Float64Array) =>
        own.map((value, row) => (chosen[row]! < 0.15 ? other[row]! : value));
      return replaced(replaced(night, numbers('duration', mixed(a, b))), numbers('price', mixed(b, a)));
    },
  ],
  'a category that was shuffled': ['relations', (night, seed) => shuffled(night, 'region', seed)],
  '60 % of the rows copied from the others, with noise': [
    'distinct',
    (night, seed) => {
      const source = random(seed, 'copies');
      const own = Math.floor(0.4 * night.rowCount);
      const rows = Uint32Array.from({ length: night.rowCount }, (_, row) =>
        row < own ? row : source.integer(own),
      );
      const copied = selectRows(night, rows);
      return numberNames(copied).reduce((table, name) => {
        const errors = normals(source, rows.length);
        const noisy = valuesOf(table, name).map((value, row) =>
          row < own ? value : value + 0.002 * errors[row]!,
        );
        return replaced(table, numbers(name, noisy));
      }, copied);
    },
  ],
  'numbers that were cut off at the quantile 95 %': [
    'clipped',
    (night) =>
      numberNames(night).reduce((table, name) => {
        const limit = valuesOf(table, name).toSorted()[Math.floor(0.95 * night.rowCount)]!;
        return withValues(table, name, (value) => Math.min(limit, value));
      }, night),
  ],
  'one column that was cut off at the quantile 98.5 %': [
    'clipped',
    (night) => {
      const limit = valuesOf(night, 'duration').toSorted()[Math.floor(0.985 * night.rowCount)]!;
      return withValues(night, 'duration', (value) => Math.min(limit, value));
    },
  ],
  'rows above the quantile 93 % of a column left out': [
    'truncated',
    (night) => {
      const weights = valuesOf(night, 'weight');
      const limit = weights.toSorted()[Math.floor(0.93 * weights.length)]!;
      return selectRows(
        night,
        Uint32Array.from(weights.keys()).filter((row) => weights[row]! <= limit),
      );
    },
  ],
  'a column with noise of half its deviation': [
    'explained',
    (night, seed) => noisy(night, 'humidity', 0.5, seed),
  ],
  'noise in a column that follows from two others': [
    'explained',
    (night, seed) => noisy(night, 'price', 0.4, seed),
  ],
  'a column that lies half a deviation higher in the last half': [
    'halves',
    (night) => {
      const by = 0.5 * deviationOf(valuesOf(night, 'weight'));
      return withValues(
        night,
        'weight',
        (value) => value + by,
        (row, count) => row >= count / 2,
      );
    },
  ],
  'a column that is noisy in the last third': [
    'halves',
    (night, seed) => {
      const noise = valuesOf(noisy(night, 'weight', 2, seed), 'weight');
      const values = valuesOf(night, 'weight').map((value, row) => (row > 1000 ? noise[row]! : value));
      return replaced(night, numbers('weight', values));
    },
  ],
  'a region that is twice as frequent in the last half': [
    'halves',
    (night, seed) => {
      const source = random(seed, 'more in the south');
      const regions = textsOf(night, 'region').map((text, row) =>
        row >= night.rowCount / 2 && source.uniform() < 0.35 ? 'south' : text,
      );
      return replaced(night, texts('region', regions));
    },
  ],
  'a tenth of the numbers replaced by the median': [
    'stuck',
    (night) => {
      const middle = valuesOf(night, 'weight').toSorted()[night.rowCount >> 1]!;
      return withValues(
        night,
        'weight',
        () => middle,
        (row) => row % 10 === 0,
      );
    },
  ],
  'a sensor that hardly moves in one region': [
    'groups',
    (night) => {
      const own = textsOf(night, 'region');
      return withValues(
        night,
        'temperature',
        (value) => 14 + 0.2 * (value - 14),
        (row) => own[row] === 'east',
      );
    },
  ],
  'dryness in place of humidity in 2 % of the rows': [
    'contradicted',
    (night) =>
      withValues(
        night,
        'humidity',
        (value) => 100 - value,
        (row) => row % 50 === 0,
      ),
  ],
  'a category under another name in 4 % of the rows': [
    'appeared',
    (night) => {
      const spelled = textsOf(night, 'region').map((text, row) => (row % 25 === 0 ? `${text} ` : text));
      return replaced(night, texts('region', spelled));
    },
  ],
};
