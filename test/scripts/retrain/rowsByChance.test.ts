import { expect, it } from 'vitest';
import { asFew, rowsOfOneNight } from '../../../scripts/retrain/gates/data/rowsByChance.ts';

it("is the probability of Fisher's exact test", () => {
  // The lady who tasted tea.
  expect(asFew(0, 4, 4, 0)).toBeCloseTo(1 / 70, 12);
  expect(asFew(1, 3, 3, 1)).toBeCloseTo(17 / 70, 12);
  expect(asFew(4, 0, 0, 4)).toBeCloseTo(1, 12);
  // C(20, 10) of C(70, 10) ways.
  expect(asFew(0, 10, 50, 10) / (184_756 / 396_704_524_216)).toBeCloseTo(1, 9);
});

it('of the outermost rows of two equal nights, three are all of one once in eight times', () => {
  expect(rowsOfOneNight(1 / 8, 500, 500)).toBeCloseTo(3, 12);
  expect(rowsOfOneNight(1 / 8, 100, 100)).toBeCloseTo(3, 12);
  // Of twice as many rows, more are.
  expect(rowsOfOneNight(4 / 9, 200, 100)).toBeCloseTo(2, 12);
});
