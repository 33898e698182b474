import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Largest share of the values at an end of a column that was not cut off. */
const OPEN = 0.005;
/** Rows that share a value at an end by chance in any case. */
const REPEATS = 3;
const STRICT = 0.2;

/** Detects values that were cut off at a limit, and sensors that saturate: what was beyond lies at one end. */
export const clipped = columnGate({
  summary:
    'the share of values at the very smallest or the very largest of no column of numbers rises by more than this, or by a fifth of it where hardly any value of the champion lay there',
  limit: 0.03,
  shown: percent,
  measure: ({ before, column, sizes }) => {
    const known = before.quantiles;
    // Of columns with few values, the gate `shares` judges all.
    if (column.type !== 'number' || known === undefined || before.shares !== undefined) return undefined;
    const ends = (['smallest', 'largest'] as const).map((end, side) => {
      const further = side === 0 ? Math.min : Math.max;
      const { value, now, next } = endOf(column.values, sizes.now, further);
      const reached = before.ends?.[side] ?? mostReached(known, further);
      // Where values repeat anyway, those next to the end do so as well.
      const capped = before.caps?.find(([cap]) => cap === value)?.[1] ?? 0;
      const old = Math.max(reached, next, leastAt(value, known), capped);
      const isOpen = before.ends !== undefined && reached <= Math.max(OPEN, REPEATS / sizes.before);
      const noise = shareNoise(old, sizes);
      return { end, now, old, figure: now - old, noise, strictness: isOpen ? STRICT : 1 };
    });
    const { end, now, old, ...measured } = ends.reduce((a, b) => (b.figure > a.figure ? b : a));
    return { ...measured, detail: `at the ${end}: at most ${percent(old)} became ${percent(now)}` };
  },
});

type Further = (a: number, b: number) => number;

/** The outermost value, its share, and that of the value next to it. */
function endOf(values: ArrayLike<number>, present: number, further: Further) {
  let [value, count, second, seconds] = [Number.NaN, 0, Number.NaN, 0];
  for (let row = 0; row < values.length; row++) {
    const each = values[row]!;
    if (Number.isNaN(each)) continue;
    if (each === value) count++;
    else if (each === second) seconds++;
    else if (Number.isNaN(value) || further(each, value) === each)
      [value, count, second, seconds] = [each, 1, value, count];
    else if (Number.isNaN(second) || further(each, second) === each) [second, seconds] = [each, 1];
  }
  return { value, now: count / present, next: seconds / present };
}

/** The share that the champion had at an end, at most: quantiles tell it to within a step. */
function mostReached(known: readonly number[], further: Further): number {
  const extreme = further(known[0]!, known.at(-1)!);
  return Math.min(1, known.filter((each) => each === extreme).length / (known.length - 1));
}

/** The share that a value had in the champion at least, such as a round price. */
function leastAt(value: number, known: readonly number[]): number {
  return Math.max(0, known.filter((each) => each === value).length - 1) / (known.length - 1);
}
