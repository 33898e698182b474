import { describe, expect, it } from 'vitest';
import { permutation, random } from '../../../shared/random.ts';
import { profileOf } from '../../../training/data/profile.ts';
import { countDistinct, hashTable } from '../../../training/data/rowHashes.ts';
import { hashesOf } from '../../../training/data/rowKeys.ts';
import { seenRows, unseenAmong } from '../../../training/data/seenRows.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { selectRows, type Table } from '../../../training/data/table.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { tastes } from '../../support/data/data.ts';
import { numbers, table, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 1000;
const values = normals(random(1, 'profile'), ROWS);
const letters = values.map((value) => (value < -1 ? 'low' : value < 1 ? 'mid' : 'high'));
const own: Table = table(ROWS, [
  numbers('height', values),
  numbers(
    'level',
    values.map((value) => Math.round(value)),
  ),
  texts('size', letters),
]);
const split = (of: Table) => ({ parts: randomSplit(of, { validation: 0.1, test: 0.1 }, 1) });
const rowsOf = (count: number) => Array.from({ length: count }, (_, row) => row);

describe('a profile', () => {
  const profile = profileOf(tableDataset(own, split(own)));
  const column = (name: string) => profile.columns.find((each) => each.name === name)!;

  it('has the quantiles of numbers, each step of which stands for ten rows', () => {
    const ascending = values.toSorted((a, b) => a - b);
    const { quantiles } = column('height');
    expect(quantiles).toHaveLength(101);
    expect([quantiles![0], quantiles!.at(-1)]).toEqual([ascending[0], ascending.at(-1)]);
    expect(quantiles![50]).toBeCloseTo((ascending[499]! + ascending[500]!) / 2, 12);
    expect(column('height').shares).toBeUndefined();
    const few = selectRows(own, Uint32Array.from(rowsOf(100)));
    expect(profileOf(tableDataset(few, split(few))).columns[0]!.quantiles).toHaveLength(11);
  });

  it('has the shares of categories and of numbers with few values', () => {
    const share = (wanted: string) => letters.filter((letter) => letter === wanted).length / ROWS;
    expect(new Map(column('size').shares).get('high')).toBe(share('high'));
    expect(column('size').top).toBe(share('mid'));
    expect(new Map(column('level').shares).get('0')).toBe(column('level').top);
  });

  it('counts distinct rows, and knows how they grow', () => {
    expect(profile).toMatchObject({ rows: ROWS, distinct: ROWS, growth: 1 });
    const copied = selectRows(
      own,
      Uint32Array.from(rowsOf(ROWS), (row) => row % 20),
    );
    const few = profileOf(tableDataset(copied, split(copied)));
    expect(few.distinct).toBe(20);
    expect(few.growth).toBeLessThan(0.01);
  });

  it('describes wide rows and users by a few columns', () => {
    const rows = { data: new Float32Array(200 * 300).fill(0.5), rowCount: 200, width: 300 };
    const wide = profileOf({ source: 'made', rowShape: [300], featureNames: null, rows });
    expect(wide.columns.map(({ name }) => name)).toEqual(['mean of a row', 'deviation within a row']);
    expect(profileOf(tastes(50)).columns.map(({ name }) => name)).toEqual(['items of a user']);
  });
});

describe('hashes of rows', () => {
  it('do not depend on the order of columns or categories', () => {
    const turned = { ...own, columns: own.columns.toReversed() };
    expect(hashTable(turned)).toEqual(hashTable(own));
    const half = Uint32Array.from(rowsOf(ROWS).filter((row) => letters[row] !== 'high'));
    const some = selectRows(own, half);
    const retold = {
      ...some,
      columns: some.columns.map((each) =>
        each.type === 'category'
          ? texts(
              each.name,
              Array.from(half, (row) => letters[row]!),
            )
          : each,
      ),
    };
    expect(hashTable(retold)).toEqual(hashTable(some));
  });

  it('tell users apart by the names of their items', () => {
    const users = tastes(50);
    const { high } = hashesOf(users);
    const renamed = hashesOf({ ...users, featureNames: users.featureNames!.map((name) => `other ${name}`) });
    expect(high).not.toEqual(renamed.high);
    expect(countDistinct(renamed)).toBe(countDistinct(hashesOf(users)));
  });
});

describe('seen rows', () => {
  const many = 100_000;
  const hashes = hashTable(table(many, [numbers('x', rowsOf(many))]));
  const order = permutation(many, random(1, 'seen'));
  const [seen, others] = [order.subarray(0, 50_000), order.subarray(50_000)];

  it('are all found, in 64 KiB, and few others are taken for them', () => {
    const filter = seenRows(hashes, seen);
    expect(Buffer.from(filter.bits, 'base64').length).toBeLessThanOrEqual(65_536);
    expect(unseenAmong(filter, hashes, seen)).toEqual([]);
    const covered = Array.from(others).filter((row) => hashes.low[row]! % filter.every === 0);
    const left = unseenAmong(filter, hashes, others);
    expect(covered.length).toBeGreaterThan(20_000);
    expect(left.length / covered.length).toBeGreaterThan(0.92);
  });
});
