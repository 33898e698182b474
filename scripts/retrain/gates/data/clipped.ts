import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Detects values that were cut off at a limit, and sensors that saturate: what was beyond lies at one end. */
export const clipped = columnGate({
  summary:
    'the share of values at the very smallest or the very largest of no column of numbers rises by more than this',
  limit: 0.03,
  shown: percent,
  measure: ({ before, column, sizes }) => {
    const known = before.quantiles;
    // Of columns with few values, the gate `shares` judges all.
    if (column.type !== 'number' || known === undefined || before.shares !== undefined) return undefined;
    const ends = [
      { end: 'smallest', ...risen(column.values, sizes.now, known, Math.min) },
      { end: 'largest', ...risen(column.values, sizes.now, known, Math.max) },
    ];
    const { end, now, old } = ends.reduce((a, b) => (b.now - b.old > a.now - a.old ? b : a));
    return {
      figure: now - old,
      noise: shareNoise(old, sizes),
      detail: `at the ${end}: at most ${percent(old)} became ${percent(now)}`,
    };
  },
});

/** Shares of the values at an end. Quantiles tell that of the champion to within a step, of which the most counts. */
function risen(
  values: ArrayLike<number>,
  present: number,
  known: readonly number[],
  further: (a: number, b: number) => number,
) {
  const steps = known.length - 1;
  const extreme = further(known[0]!, known[steps]!);
  const equal = known.filter((value) => value === extreme).length;
  let [end, count] = [Number.NaN, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (value === end) count++;
    else if (Number.isNaN(end) || further(value, end) === value) [end, count] = [value, 1];
  }
  return { now: count / present, old: Math.min(1, equal / steps) };
}
