import { expect, it } from 'vitest';
import { aucDrop } from '../../../scripts/retrain/metrics/aucDrop.ts';
import { random } from '../../../shared/random.ts';
import { rocAuc } from '../../../training/estimators/scores.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 400;
const source = random(1, 'auc');
const rows = Array.from({ length: ROWS }, () => Number(source.uniform() < 0.1));
const labels = { classes: ['normal', 'attack'], anomalous: ['attack'], rows };
const scores = (signal: number) => normals(source, ROWS).map((value, row) => value + signal * rows[row]!);

it('compares the areas under both curves', () => {
  const [good, bad] = [scores(3), scores(1)];
  const { champion, challenger, drop, low, high } = aucDrop(good, bad, { labels });
  expect(champion).toBeCloseTo(rocAuc(good, rows), 12);
  expect(challenger).toBeCloseTo(rocAuc(bad, rows), 12);
  expect(drop).toBeCloseTo(champion - challenger, 12);
  expect(low).toBeGreaterThan(0);
  expect((low + high) / 2).toBeCloseTo(drop, 12);
});

it('has the interval that resampling the rows gives', () => {
  const [good, bad] = [scores(1.5), scores(1.2)];
  const { low, high } = aucDrop(good, bad, { labels });
  const pick = random(2, 'resampling');
  const drops = Array.from({ length: 1000 }, () => {
    const drawn = rows.map(() => pick.integer(ROWS));
    const of = (values: readonly number[]) => drawn.map((row) => values[row]!);
    return rocAuc(of(good), of(rows)) - rocAuc(of(bad), of(rows));
  }).sort((a, b) => a - b);
  const width = drops[974]! - drops[25]!;
  expect(Math.abs(high - low - width)).toBeLessThan(0.15 * width);
});

it('is 0 without width for the same scores', () => {
  const own = scores(2);
  expect(aucDrop(own, own, { labels })).toMatchObject({ drop: 0, low: 0, high: 0 });
});
