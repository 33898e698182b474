import { describe, expect, it } from 'vitest';
import { scoreAxis } from '../../../edge/playground/ui/scoreAxis.ts';
import { roundTicks } from '../../../edge/playground/ui/ticks.ts';

describe('the lines of a grid', () => {
  it.each([
    [-5.8, 4.5, [-4, -2, 0, 2, 4]],
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.0021, 0.0079, [0.003, 0.004, 0.005, 0.006, 0.007]],
    [980, 1043, [980, 990, 1000, 1010, 1020, 1030, 1040]],
    [-1e6, 1e6, [-1e6, -5e5, 0, 5e5, 1e6]],
  ])('from %f to %f are at round numbers', (low, high, expected) => {
    expect(roundTicks(low, high)).toEqual(expected);
  });
});

describe('the axis of scores', () => {
  it('is logarithmic, and leads from a place to its score and back', () => {
    const axis = scoreAxis([100, 10, 1]);
    expect([1, 10, 100].map(axis.placeOf).map((place) => Number(place.toFixed(6)))).toEqual([0, 0.5, 1]);
    for (const place of [0, 0.3, 1]) expect(axis.placeOf(axis.scoreAt(place))).toBeCloseTo(place, 9);
  });

  it('has a place for scores outside of it, and for equal ones', () => {
    expect([0, -1, 5].map(scoreAxis([2, 1]).placeOf)).toEqual([0, 0, 1]);
    expect(scoreAxis([]).placeOf(1)).toBe(0);
    expect(scoreAxis([3, 3]).placeOf(3)).toBe(0);
  });
});
