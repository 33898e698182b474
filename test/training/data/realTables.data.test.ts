import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numericDataset } from '../../../training/data/numeric.ts';
import { readDataset, readTable } from '../../../training/data/read.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { givenSplit, stratifiedSplit, timeSplit } from '../../../training/data/splits.ts';
import {
  columnOf,
  type DateColumn,
  dropMissing,
  isMissing,
  type NumberColumn,
  selectColumns,
} from '../../../training/data/table.ts';
import { realData } from '../../support/data/realData.ts';
import { valuesOf } from '../../support/data/tables.ts';

/** How often each value occurs. */
function counts(values: readonly unknown[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const value of values) result[String(value)] = (result[String(value)] ?? 0) + 1;
  return result;
}

describe('Rain in Australia', async () => {
  const table = await readTable(realData('rain/weatherAUS.csv.gz'));
  const OTHERS = ['Date', 'Location', 'WindGustDir', 'WindDir9am', 'WindDir3pm'];

  it('has the rows, types and missing values that are published', () => {
    expect([table.rowCount, table.columns.length]).toEqual([145_460, 23]);
    expect(counts(valuesOf(columnOf(table, 'RainTomorrow')))).toEqual({
      false: 110_316,
      true: 31_877,
      null: 3267,
    });
    const types = table.columns.map(({ name, type }) => [name, type]);
    expect(Object.fromEntries(types)).toMatchObject({
      Date: 'date',
      Location: 'category',
      MinTemp: 'number',
    });
    const days = valuesOf(columnOf(table, 'Date')).sort();
    expect([days[0], days.at(-1)]).toEqual(['2007-11-01', '2017-06-25']);
    const missing = (name: string) => {
      const column = columnOf(table, name);
      return Array.from({ length: table.rowCount }, (_, row) => isMissing(column, row)).filter(Boolean)
        .length;
    };
    // Counted with awk.
    expect(table.columns.map(({ name }) => missing(name))).toEqual([
      0, 0, 1485, 1261, 3261, 62_790, 69_835, 10_326, 10_263, 10_566, 4228, 1767, 3062, 2654, 4507, 15_065,
      15_028, 55_888, 59_358, 1767, 3609, 3261, 3267,
    ]);
  });

  it('has 58,090 complete rows of 17 features beside the target', () => {
    const kept = table.columns.map(({ name }) => name).filter((name) => !OTHERS.includes(name));
    const complete = dropMissing(selectColumns(table, kept));
    const roles = inferRoles(complete, { RainTomorrow: { role: 'target' } });
    const { rows, featureNames } = numericDataset(complete, roles);
    expect([rows.rowCount, rows.width]).toEqual([58_090, 17]);
    expect(featureNames).not.toContain('RainTomorrow');
    const rainfall = roles.find(({ name }) => name === 'Rainfall');
    expect(rainfall?.transform).toBe('symlog');
  });

  it('divides by time and by class', () => {
    const shares = { validation: 0.1, test: 0.1 };
    const { test, train } = timeSplit(columnOf(table, 'Date'), shares);
    const days = (columnOf(table, 'Date') as DateColumn).values;
    expect(days[train.at(-1)!]!).toBeLessThan(days[test[0]!]!);
    const target = columnOf(table, 'RainTomorrow');
    const stratified = stratifiedSplit(target, shares, 1);
    const rain = valuesOf(target);
    const rainy = Array.from(stratified.test, (row) => rain[row]).filter((value) => value === true);
    expect(Math.abs(rainy.length - 3187.7)).toBeLessThan(1);
  });
});

it('make-regression has the values that scikit-learn wrote, and its split', async () => {
  const table = await readTable(realData('make-regression/data.csv'));
  const { first_row, y0 } = JSON.parse(readFileSync(realData('make-regression/meta.json'), 'utf8'));
  const values = table.columns.map((column) => (column as NumberColumn).values[0]);
  expect([table.rowCount, values.length]).toEqual([1000, 101]);
  expect(values.slice(0, 5)).toEqual(first_row);
  expect(values.at(-1)).toBe(y0);
  const indices = JSON.parse(readFileSync(realData('make-regression/split.json'), 'utf8'));
  const parts = givenSplit(1000, indices, { validation: 0.1 }, 1);
  expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([570, 100, 330]);
  expect([...parts.test]).toEqual(indices.test);
});

it.each([
  ['cardio', 1831, 21, 176],
  ['pendigits', 6870, 16, 156],
])('%s has %i rows of %i features and %i anomalies', async (name, rowCount, width, anomalies) => {
  const table = await readTable(realData(`anomaly/${name}.csv`));
  const { rows } = numericDataset(table, inferRoles(table, { y: { role: 'target' } }));
  expect([rows.rowCount, rows.width]).toEqual([rowCount, width]);
  expect(counts(valuesOf(columnOf(table, 'y')))['1']).toBe(anomalies);
});

it('MovieLens has 100,836 ratings by 610 users, whose numbers are no features', async () => {
  const table = await readTable(realData('movielens-small/ratings.csv'));
  expect(table.rowCount).toBe(100_836);
  expect(new Set(valuesOf(columnOf(table, 'userId'))).size).toBe(610);
  const roles = inferRoles(table);
  expect(roles.filter(({ role }) => role === 'ignored').map(({ name }) => name)).toEqual([
    'userId',
    'movieId',
  ]);
  const movies = await readTable(realData('movielens-small/movies.csv'));
  expect(movies.rowCount).toBe(9742);
});

it('ECG5000 has a class and 140 steps a row', async () => {
  const train = await readTable(realData('ecg5000/ECG5000_TRAIN.txt.gz'));
  expect([train.rowCount, train.columns.length]).toEqual([500, 141]);
  expect(counts(valuesOf(train.columns[0]!))).toEqual({ 1: 292, 2: 177, 3: 10, 4: 19, 5: 2 });
  const test = await readTable(realData('ecg5000/ECG5000_TEST.txt.gz'));
  expect(counts(valuesOf(test.columns[0]!))).toEqual({ 1: 2627, 2: 1590, 3: 86, 4: 175, 5: 22 });
});

it("MNIST's files are rows of images by themselves", async () => {
  const { rows, rowShape } = await readDataset(realData('mnist/t10k-images-idx3-ubyte.gz'));
  expect([rows.rowCount, ...rowShape]).toEqual([10_000, 28, 28]);
  expect(Math.max(...rows.data.subarray(0, 784))).toBeLessThanOrEqual(1);
});
