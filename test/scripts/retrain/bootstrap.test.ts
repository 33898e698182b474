import { describe, expect, it } from 'vitest';
import { pairedDrop } from '../../../scripts/retrain/metrics/bootstrap.ts';
import { random } from '../../../shared/random.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 4000;
const seed = 1;

describe('the paired bootstrap', () => {
  it('has the interval that the central limit theorem gives the mean of the differences', () => {
    const differences = normals(random(2, 'differences'), ROWS);
    const champion = normals(random(3, 'champion'), ROWS).map((value) => 10 + value);
    const challenger = champion.map((value, i) => value + 0.1 + differences[i]!);
    const { drop, low, high } = pairedDrop(champion, challenger, { better: 'lower', drop: 'absolute', seed });
    const mean = differences.reduce((sum, value) => sum + value, 0) / ROWS + 0.1;
    expect(drop).toBeCloseTo(mean, 10);
    const margin = 1.96 / Math.sqrt(ROWS);
    expect(Math.abs(low - (mean - margin))).toBeLessThan(0.15 * margin);
    expect(Math.abs(high - (mean + margin))).toBeLessThan(0.15 * margin);
  });

  it('cancels rows that are hard for both: equal figures have an interval of width 0', () => {
    const champion = normals(random(4, 'champion'), 200).map(Math.abs);
    expect(pairedDrop(champion, champion, { better: 'lower', drop: 'relative', seed })).toMatchObject({
      ...{ drop: 0, low: 0, high: 0 },
    });
  });

  it('follows the direction of the metric', () => {
    const [few, many] = [
      [0, 0, 0, 1],
      [1, 1, 1, 0],
    ];
    expect(pairedDrop(many!, few!, { better: 'higher', drop: 'absolute', seed }).drop).toBe(0.5);
    expect(pairedDrop(few!, many!, { better: 'lower', drop: 'relative', seed }).drop).toBe(2);
  });

  it('is the same for the same seed', () => {
    const [a, b] = [normals(random(5, 'a'), 50), normals(random(6, 'b'), 50)];
    const options = { better: 'lower', drop: 'absolute', seed } as const;
    expect(pairedDrop(a, b, options)).toEqual(pairedDrop(a, b, options));
  });
});
