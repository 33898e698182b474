import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { nearestTo, recallOf, searchOf } from '../../../training/evaluate/metrics/nearest.ts';

function rows(rowCount: number, width: number, name: string): Matrix {
  const source = random(1, name);
  return {
    data: Float32Array.from({ length: rowCount * width }, () => 2 * source.uniform() - 1),
    rowCount,
    width,
  };
}

/** The ten of largest cosine over the first `dimensions` values, one by one. */
function expected(queries: Matrix, indexed: Matrix, dimensions: number): number[] {
  const leading = ({ data, width }: Matrix, row: number) => {
    const own = [...data.subarray(row * width, row * width + dimensions)];
    const length = Math.hypot(...own);
    return own.map((value) => value / length);
  };
  return Array.from({ length: queries.rowCount }, (_, query) => {
    const own = leading(queries, query);
    const cosines = Array.from({ length: indexed.rowCount }, (_, row) =>
      leading(indexed, row).reduce((sum, value, i) => sum + value * own[i]!, 0),
    );
    const order = cosines.map((_, row) => row).sort((a, b) => cosines[b]! - cosines[a]!);
    return order.slice(0, 10);
  }).flat();
}

describe('nearest rows', () => {
  it.each([8, 3])('are those of largest cosine similarity, over %i of 8 dimensions', async (dimensions) => {
    const [queries, indexed] = [rows(300, 8, 'queries'), rows(40, 8, 'indexed')];
    const found = await nearestTo({ queries, indexed }, dimensions);
    expect(Array.from(found, Number)).toEqual(expected(queries, indexed, dimensions));
  });

  it('count in any order', () => {
    const nearest = BigInt64Array.from(
      Array.from({ length: 20 }, (_, i) => i),
      BigInt,
    );
    expect(recallOf(nearest, nearest.toReversed())).toBe(0);
    expect(recallOf(nearest, nearest)).toBe(1);
    const shuffled = [...nearest.subarray(0, 10).toReversed(), ...nearest.subarray(0, 10)];
    expect(recallOf(nearest, BigInt64Array.from(shuffled))).toBe(0.5);
  });
});

describe('a search', () => {
  it('is for test rows among training rows, at most 2,000', () => {
    const [train, test] = [rows(30, 2, 'train'), rows(2100, 2, 'test')];
    const { queries, indexed } = searchOf(train, test, 1)!;
    expect([queries.rowCount, indexed.rowCount]).toEqual([2000, 30]);
    expect(sorted(indexed)).toEqual(sorted(train));
  });

  it('is for a tenth of the rows among the others, if there is one kind of rows', () => {
    const all = rows(200, 2, 'all');
    const { queries, indexed } = searchOf(all, all, 1)!;
    expect([queries.rowCount, indexed.rowCount]).toEqual([20, 180]);
    expect([...sorted(queries), ...sorted(indexed)].sort((a, b) => a - b)).toEqual(sorted(all));
  });

  it('needs ten rows to search among', () => {
    expect(searchOf(rows(9, 2, 'few'), rows(9, 2, 'test'), 1)).toBeUndefined();
  });
});

function sorted({ data }: Matrix): number[] {
  return [...data].sort((a, b) => a - b);
}
