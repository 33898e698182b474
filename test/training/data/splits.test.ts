import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { batches } from '../../../training/data/batches.ts';
import { fingerprint, type Parts } from '../../../training/data/dataset.ts';
import { fromInteractions } from '../../../training/data/interactions.ts';
import { hashTable } from '../../../training/data/rowHashes.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { partsOf, splitDataset } from '../../../training/data/split.ts';
import {
  columnSplit,
  givenSplit,
  randomSplit,
  stratifiedSplit,
  timeSplit,
} from '../../../training/data/splits.ts';
import type { Column } from '../../../training/data/table.ts';
import { textColumn } from '../../../training/data/text.ts';

const SHARES = { validation: 0.2, test: 0.1 };

const numbers = (name: string, values: readonly number[]): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
});

function words(name: string, values: readonly (string | null)[]): Column {
  const column = textColumn({ source: 'test', name }, { missing: [], declared: 'category' });
  for (const value of values) column.add(value);
  return column.finish();
}

/** 1,000 rows: 0.7 % `rare`, 9.3 % `some`, 3 % missing, the others `most`; shuffled by a fixed rule. */
const CLASSES = Array.from({ length: 1000 }, (_, i) => {
  const place = (i * 389) % 1000;
  if (place < 7) return 'rare';
  if (place < 100) return 'some';
  return place < 130 ? null : 'most';
});
const TIMES = Array.from({ length: 300 }, (_, i) => ((i * 7) % 300) + 1e12);

const KINDS: Readonly<Record<string, (seed: number) => [number, Parts]>> = {
  stratified: (seed) => [1000, stratifiedSplit(words('class', CLASSES), SHARES, seed)],
  time: () => [300, timeSplit(numbers('time', TIMES), SHARES)],
  'given rows': (seed) => [
    10,
    givenSplit(10, { train: [9, 8, 7, 6, 5, 4, 3], test: [0, 1, 2] }, SHARES, seed),
  ],
  column: (seed) => {
    const values = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 'test' : 'Train'));
    return [50, columnSplit(words('part', values), SHARES, seed)];
  },
};

describe.each(Object.entries(KINDS))('split by %s', (_, divide) => {
  const [rowCount, parts] = divide(1);
  const counts = [parts.train, parts.validation, parts.test].map(({ length }) => length);

  it('has every row in exactly one part', () => {
    const all = [...parts.train, ...parts.validation, ...parts.test];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: rowCount }, (_, i) => i));
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('is the same for the same seed', () => expect(divide(1)).toEqual([rowCount, parts]));

  it('holds out the share for validation', () => expect(counts[1]).toBe(Math.round(0.2 * rowCount)));

  it('is what train() uses, and part of the fingerprint', () => {
    const dataset = fromRows(Array.from({ length: rowCount }, (_, i) => [i]));
    const divided = splitDataset({ ...dataset, parts }, { validation: 0.5, test: 0.4 }, 3);
    for (const name of ['train', 'validation', 'test'] as const) {
      expect([...batches(divided[name], rowCount)].flatMap(({ data }) => [...data])).toEqual([
        ...parts[name],
      ]);
    }
    expect(fingerprint({ ...dataset, parts })).not.toBe(fingerprint(dataset));
    const moved = { ...parts, train: parts.train.slice().reverse() };
    expect(fingerprint({ ...dataset, parts: moved })).not.toBe(fingerprint({ ...dataset, parts }));
  });
});

describe('stratifiedSplit', () => {
  const column = words('class', CLASSES);
  const parts = stratifiedSplit(column, SHARES, 1);

  it.each(['rare', 'some', 'most', null])(
    'has the proportion of %s in each part, to within a row',
    (name) => {
      const total = CLASSES.filter((each) => each === name).length;
      const within = (rows: Uint32Array) => [...rows].filter((row) => CLASSES[row] === name).length;
      expect(Math.abs(within(parts.test) - 0.1 * total)).toBeLessThan(1);
      expect(Math.abs(within(parts.validation) - 0.2 * total)).toBeLessThan(1.3);
    },
  );

  it('takes other rows by another seed', () => {
    expect(stratifiedSplit(column, SHARES, 2).test).not.toEqual(parts.test);
    expect(parts.test.length).toBe(100);
  });

  it('needs a row for each part', () => {
    expect(() => stratifiedSplit(words('class', ['a', 'b']), SHARES, 1)).toThrow('found none for train');
  });
});

describe('timeSplit', () => {
  it('trains on the oldest and tests on the newest', () => {
    const parts = timeSplit(numbers('time', TIMES), SHARES);
    const [train, validation, test] = [parts.train, parts.validation, parts.test].map((rows) =>
      Array.from(rows, (row) => TIMES[row]!),
    );
    expect([train!.length, validation!.length, test!.length]).toEqual([210, 60, 30]);
    expect(Math.max(...train!)).toBeLessThan(Math.min(...validation!));
    expect(Math.max(...validation!)).toBeLessThan(Math.min(...test!));
  });

  it('keeps rows of one moment together', () => {
    const days = Array.from({ length: 100 }, (_, i) => Math.floor(i / 7));
    const parts = timeSplit({ name: 'day', type: 'date', values: Float64Array.from(days) }, SHARES);
    const daysOf = (rows: Uint32Array) => new Set(Array.from(rows, (row) => days[row]!));
    const [train, validation, test] = [parts.train, parts.validation, parts.test].map(daysOf);
    expect(train!.size + validation!.size + test!.size).toBe(new Set(days).size);
    expect(parts.test.length).toBeGreaterThanOrEqual(10);
    expect(parts.test.length).toBeLessThan(17);
  });

  it.each<[string, Column, string]>([
    [
      'text',
      words('t', ['a', 'b', 'c']),
      'column t: expected dates or numbers to sort by, received category',
    ],
    [
      'a missing time',
      numbers('t', [1, Number.NaN, 3]),
      'column t, row 2: expected a time, found it missing',
    ],
    [
      'one moment',
      numbers('t', [5, 5, 5, 5]),
      'split by t: expected rows in every part, found none for train',
    ],
  ])('refuses %s', (_, column, message) => {
    expect(() => timeSplit(column, SHARES)).toThrow(InputError);
    expect(() => timeSplit(column, SHARES)).toThrow(message);
  });
});

describe('givenSplit', () => {
  it('takes what is given as it is', () => {
    const parts = givenSplit(4, { train: [2, 0], validation: [1], test: [3] }, SHARES, 1);
    expect([parts.train, parts.validation, parts.test].map((rows) => [...rows])).toEqual([[2, 0], [1], [3]]);
  });

  it.each<[string, number[], number[], number[], string]>([
    ['a row in two parts', [0, 1], [2], [1, 3], 'found row 1 twice'],
    ['a row in none', [0], [2], [3], 'found row 1 in none'],
    ['a row that is not there', [0, 1], [2], [3, 4], 'expected rows from 0 to 3, received 4'],
    ['a row that is no row', [0, 1], [2], [-3], 'expected rows from 0 to 3, received -3'],
    ['an empty part', [0, 1, 2], [], [3], 'found none for validation'],
  ])('refuses %s', (_, train, validation, test, message) => {
    const divide = () => givenSplit(4, { train, validation, test }, SHARES, 1);
    expect(divide).toThrow(InputError);
    expect(divide).toThrow(message);
  });
});

describe('columnSplit', () => {
  it('takes the validation rows that it names', () => {
    const parts = columnSplit(words('part', ['test', 'train', 'validation', 'train']), SHARES, 1);
    expect([parts.train, parts.validation, parts.test].map((rows) => [...rows])).toEqual([[1, 3], [2], [0]]);
  });

  it.each<[string, Column, string]>([
    [
      'another word',
      words('p', ['train', 'constructor']),
      'row 2: expected train, validation or test, received constructor',
    ],
    [
      'a missing one',
      words('p', [null, 'train']),
      'row 1: expected train, validation or test, found it missing',
    ],
    ['numbers', numbers('p', [1, 2]), 'column p: expected train, validation and test, received numbers'],
  ])('refuses %s', (_, column, message) => {
    expect(() => columnSplit(column, SHARES, 1)).toThrow(message);
  });
});

describe('rows that are added', () => {
  /** Names of the rows that are held out, of some before and some between those of 0 to 999. */
  const tableOf = (rows: readonly number[]) => ({
    source: 'test',
    rowCount: rows.length,
    columns: [
      numbers('name', rows),
      numbers(
        'rest',
        rows.map((row) => row % 3),
      ),
    ],
  });
  const first = Array.from({ length: 1000 }, (_, row) => row);
  const more = [-3, -2, -1, ...first.slice(0, 500), 2000, 2001, ...first.slice(500).reverse(), 3000];
  const kinds: Readonly<Record<string, (rows: readonly number[]) => number[]>> = {
    'of a table': (rows) => Array.from(randomSplit(tableOf(rows), SHARES, 1).test, (row) => rows[row]!),
    // Users of whom more is known tomorrow.
    'of a recommender': (rows) => {
      const items = (user: number) =>
        Array.from({ length: 3 + (rows.length % 7) }, (_, i) => (user + i) % 50);
      const data = fromInteractions(rows.flatMap((user) => items(user).map((item) => ({ user, item }))));
      return Array.from(partsOf(data, SHARES, 1).test, (row) => rows[row]!);
    },
    'of a class': (rows) => {
      const table = tableOf(rows);
      const parts = stratifiedSplit(table.columns[1]!, SHARES, 1, hashTable(table));
      return Array.from(parts.test, (row) => rows[row]!);
    },
  };

  it.each(Object.keys(kinds))('%s leave the others in their parts', (kind) => {
    const [before, after] = [kinds[kind]!(first), kinds[kind]!(more)];
    expect(before).toHaveLength(100);
    const known = new Set(before);
    const [lowest, highest] = kind === 'of a class' ? [90, 101] : [97, 101];
    const kept = after.filter((row) => known.has(row)).length;
    expect(kept).toBeGreaterThanOrEqual(lowest);
    expect(kept).toBeLessThan(highest);
  });

  it('are held out at the same share if they are copies', () => {
    const table = tableOf(Array.from({ length: 1000 }, (_, row) => row % 2));
    const { test } = randomSplit(table, SHARES, 1);
    const ones = Array.from(test).filter((row) => row % 2 === 1).length;
    expect(ones).toBeGreaterThan(30);
    expect(ones).toBeLessThan(70);
  });

  it('are in other parts by another seed', () => {
    const [a, b] = [1, 2].map((seed) => new Set(randomSplit(tableOf(first), SHARES, seed).test));
    expect([...a!].filter((row) => b!.has(row)).length).toBeLessThan(25);
  });
});
