import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { percent } from '../../../../training/report/format.ts';
import { type ColumnSizes, columnGate, type Measured, shareNoise } from './columnGate.ts';

/** Largest share of a value in a column of measurements, in which one that is frequent is a mark, or a fault. */
const CONTINUOUS = 0.005;
/** Rows that share a value by chance in any case. */
const REPEATS = 3;
const STRICT = 0.4;
/** Times the limit that holds for times: a job may close a quarter of what is open at once, at midnight. */
const TIMES = 10;
const DAY_MS = 86_400_000;

/** Detects sensors and clocks that repeat one value, and missing values that were replaced by one: 0, -1, the median. */
export const stuck = columnGate({
  summary:
    'the share of no single value of a column of numbers rises by more than this, or by two fifths of it where hardly any value of the champion occurred twice; of times with a time of day, by ten times as much',
  limit: 0.05,
  shown: percent,
  measure: ({ now: own, before, column, sizes }) => {
    const known = before.quantiles;
    if (column.type === 'date') return known && hasHours(known) ? ofTimes(own, before, sizes) : undefined;
    // Of columns with few values, the gate `shares` judges all.
    if (column.type !== 'number' || known === undefined || before.shares !== undefined) return undefined;
    const { value, old, now } = mostRisen(column.values, sizes.now, (value) =>
      Math.min(before.top, mostAt(value, known)),
    );
    return {
      figure: now - old,
      noise: shareNoise(old, sizes),
      ...(before.top <= Math.max(CONTINUOUS, REPEATS / sizes.before) && { strictness: STRICT }),
      detail: `${Number(value.toPrecision(6))}: at most ${percent(old)} became ${percent(now)}`,
    };
  },
});

/** Times are others every night: what counts is how frequent the most frequent one is. */
function ofTimes(own: ColumnProfile, before: ColumnProfile, sizes: ColumnSizes): Measured {
  return {
    ...{ figure: own.top - before.top, noise: shareNoise(before.top, sizes), strictness: TIMES },
    detail: `one time: ${percent(before.top)} became ${percent(own.top)}`,
  };
}

/** With whole days, wherever they begin, most quantiles have the same time of day: all rows of a night may be of one day. */
function hasHours(quantiles: readonly number[]): boolean {
  return new Set(quantiles.map((time) => time % DAY_MS)).size > quantiles.length / 2;
}

/** Returns the value whose share has risen most. */
function mostRisen(values: ArrayLike<number>, present: number, oldShareOf: (value: number) => number) {
  const ascending = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  let most = { value: ascending[0]!, old: 1, now: 0 };
  for (let start = 0, end = 0; start < ascending.length; start = end) {
    while (ascending[end] === ascending[start]) end++;
    const now = (end - start) / present;
    // No share can rise by more than it is.
    if (now <= most.now - most.old) continue;
    const [value, old] = [ascending[start]!, oldShareOf(ascending[start]!)];
    if (now - old > most.now - most.old) most = { value, old, now };
  }
  return most;
}

/** The share that a value had at most: quantiles tell it to within a step on both sides. */
function mostAt(value: number, known: readonly number[]): number {
  const steps = known.length - 1;
  if (value < known[0]! || value > known[steps]!) return 0;
  const equal = known.filter((each) => each === value).length;
  return Math.min(1, (equal + 1) / steps);
}
