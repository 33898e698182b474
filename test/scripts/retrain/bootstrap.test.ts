import { describe, expect, it } from 'vitest';
import { type MetricDrop, pairedDrop } from '../../../scripts/retrain/metrics/bootstrap.ts';
import { METRICS } from '../../../scripts/retrain/metrics/registry.ts';
import { random } from '../../../shared/random.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 4000;
const seed = 1;
const confidence = 0.95;

describe('the paired bootstrap', () => {
  it('has the interval that the central limit theorem gives the mean of the differences', () => {
    const differences = normals(random(2, 'differences'), ROWS);
    const champion = normals(random(3, 'champion'), ROWS).map((value) => 10 + value);
    const challenger = champion.map((value, i) => value + 0.1 + differences[i]!);
    const { drop, low, high } = pairedDrop(champion, challenger, {
      better: 'lower',
      drop: 'absolute',
      confidence,
      seed,
    });
    const mean = differences.reduce((sum, value) => sum + value, 0) / ROWS + 0.1;
    expect(drop).toBeCloseTo(mean, 10);
    const margin = 1.96 / Math.sqrt(ROWS);
    expect(Math.abs(low - (mean - margin))).toBeLessThan(0.15 * margin);
    expect(Math.abs(high - (mean + margin))).toBeLessThan(0.15 * margin);
  });

  it('cancels rows that are hard for both: equal figures have an interval of width 0', () => {
    const champion = normals(random(4, 'champion'), 200).map(Math.abs);
    expect(
      pairedDrop(champion, champion, { better: 'lower', drop: 'relative', confidence, seed }),
    ).toMatchObject({
      ...{ drop: 0, low: 0, high: 0 },
    });
  });

  it('follows the direction of the metric', () => {
    const [few, many] = [
      [0, 0, 0, 1],
      [1, 1, 1, 0],
    ];
    expect(pairedDrop(many!, few!, { better: 'higher', drop: 'absolute', confidence, seed }).drop).toBe(0.5);
    expect(pairedDrop(few!, many!, { better: 'lower', drop: 'relative', confidence, seed }).drop).toBe(2);
  });

  it('is the same for the same seed', () => {
    const [a, b] = [normals(random(5, 'a'), 50), normals(random(6, 'b'), 50)];
    const options = { better: 'lower', drop: 'absolute', confidence, seed } as const;
    expect(pairedDrop(a, b, options)).toEqual(pairedDrop(a, b, options));
  });
});

describe('the interval of the mean squared error', () => {
  /**
   * Drops of many nights, whose challengers err `ratio` times as much as the champion in truth. Errors of rows are
   * log-normal: most rows are easy for both versions, a few decide the mean.
   */
  function dropsOf({ nights, rows, ratio, spread, own }: Record<string, number>): MetricDrop[] {
    const source = random(7, 'long tails');
    return Array.from({ length: nights! }, () => {
      const difficulty = normals(source, rows!).map((value) => Math.exp(spread! * value));
      const errors = (scale: number) =>
        normals(source, rows!).map((value, i) => scale * difficulty[i]! * Math.exp(own! * value));
      return pairedDrop(errors(1), errors(ratio!), { ...METRICS.mse, seed });
    });
  }

  const share = (drops: readonly MetricDrop[], holds: (drop: MetricDrop) => boolean) =>
    drops.filter(holds).length / drops.length;
  const isRefused = ({ drop, low }: MetricDrop) => drop > METRICS.mse.limit && low > 0;

  it('holds the truth in 19 of 20 nights of a hundred rows whose errors have a long tail', () => {
    const drops = dropsOf({ nights: 200, rows: 100, ratio: 1, spread: 2, own: 0.7 });
    expect(share(drops, ({ low, high }) => low <= 0 && high >= 0)).toBeGreaterThanOrEqual(0.95);
    expect(share(drops, isRefused)).toBeLessThanOrEqual(0.025);
  });

  it('still tells a challenger that errs twice as much, or by a third more', () => {
    const tail = { nights: 50, rows: 300, own: 0.5 };
    expect(share(dropsOf({ ...tail, ratio: 2, spread: 1.5 }), isRefused)).toBeGreaterThan(0.95);
    expect(share(dropsOf({ ...tail, ratio: 4 / 3, spread: 1 }), isRefused)).toBeGreaterThan(0.8);
  });
});
