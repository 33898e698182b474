import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { fitIsolationForest } from '../../../training/estimators/isolationForest.ts';
import { computeRows } from '../../../training/evaluate/representation.ts';
import { leafOf, treeEnsembleRegressor } from '../../../training/graph/ops/treeEnsembleRegressor.ts';
import scikitLearn from '../../support/training/sklearnIsolationForest.json' with { type: 'json' };

/** A square of uniform values, and one row far outside it. */
function square(rowCount: number): Matrix {
  const source = random(1, 'square');
  const data = Float32Array.from({ length: 2 * rowCount }, () => source.uniform());
  data.set([9, 9]);
  return { data, rowCount, width: 2 };
}

const lengthOf = (rows: Matrix, row: number, { trees }: ReturnType<typeof fitIsolationForest>) =>
  trees.reduce((sum, tree) => sum + leafOf(tree, rows.data.subarray(2 * row, 2 * row + 2)), 0);

describe('an isolation forest', () => {
  const rows = square(400);

  it('has short paths to a row apart, and as long ones as a search to the others', () => {
    const forest = fitIsolationForest(rows, { seed: 1 });
    expect(forest.trees).toHaveLength(100);
    const others = Array.from({ length: 399 }, (_, i) => lengthOf(rows, i + 1, forest));
    const mean = others.reduce((sum, length) => sum + length) / others.length;
    expect(lengthOf(rows, 0, forest)).toBeLessThan(0.4 * mean);
    // c(256) of Liu, Ting & Zhou, 2008.
    expect(forest.typicalLength).toBeCloseTo(10.2448, 3);
    expect(mean / forest.typicalLength).toBeGreaterThan(0.9);
    expect(mean / forest.typicalLength).toBeLessThan(1.2);
  });

  it('divides at most as deep as a balanced tree of its sample', () => {
    for (const tree of fitIsolationForest(rows, { seed: 1 }).trees) {
      const depth = (place: number): number => {
        const node = tree[place]!;
        return 'leaf' in node ? 0 : 1 + Math.max(depth(node.below), depth(node.above));
      };
      expect(depth(0)).toBeLessThanOrEqual(8);
    }
  });

  it('depends on the seed only', () => {
    expect(fitIsolationForest(rows, { seed: 2 })).toEqual(fitIsolationForest(rows, { seed: 2 }));
    expect(fitIsolationForest(rows, { seed: 2 })).not.toEqual(fitIsolationForest(rows, { seed: 3 }));
  });

  it('draws a group of columns as often as a column on its own', () => {
    const source = random(1, 'wide');
    const width = 11;
    const wide = {
      data: Float32Array.from({ length: width * 300 }, () => source.uniform()),
      rowCount: 300,
      width,
    };
    const groups = [[0], Array.from({ length: 10 }, (_, i) => i + 1)];
    const firsts = fitIsolationForest(wide, { groups, seed: 1 }).trees.map(([root]) =>
      root !== undefined && 'column' in root ? root.column : -1,
    );
    const alone = firsts.filter((column) => column === 0).length;
    expect(alone).toBeGreaterThan(30);
    expect(alone).toBeLessThan(70);
  });

  it('of equal rows is a leaf', () => {
    const equal = { data: new Float32Array(20).fill(1), rowCount: 10, width: 2 };
    for (const tree of fitIsolationForest(equal, { seed: 1 }).trees) expect(tree).toHaveLength(1);
  });
});

describe("scikit-learn's isolation forests", () => {
  const { width, scores } = scikitLearn;
  const rows = { data: Float32Array.from(scikitLearn.rows), rowCount: scores.length, width };

  it('score every row alike, on average over forests', async () => {
    const sums = new Float64Array(rows.rowCount);
    const forests = 20;
    for (let seed = 1; seed <= forests; seed++) {
      const { trees, typicalLength } = fitIsolationForest(rows, { seed });
      const { data } = await computeRows(rows, (values) => treeEnsembleRegressor(values, trees));
      data.forEach((length, row) => {
        sums[row]! += 2 ** (-length / typicalLength) / forests;
      });
    }
    const differences = Array.from(sums, (sum, row) => sum - scores[row]!);
    // One forest's scores have a standard deviation of up to 0.016.
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(0.015);
    const mean = differences.reduce((sum, difference) => sum + difference) / rows.rowCount;
    expect(Math.abs(mean)).toBeLessThan(0.001);
  });

  it.each(Object.entries(scikitLearn.lengths))(
    'have the same typical length for %s rows',
    (count, length) => {
      const some = { data: rows.data.subarray(0, Number(count) * width), rowCount: Number(count), width };
      expect(fitIsolationForest(some, { seed: 1 }).typicalLength).toBeCloseTo(length, 5);
    },
  );
});
