import { MULTIPLES, WHOLE_TIMES } from '../../../../training/data/columnProfile.ts';
import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** The kinds of round values, in the order of their shares in a profile. */
const KINDS = {
  number: MULTIPLES.map((step) => `multiples of ${step}`),
  date: Object.keys(WHOLE_TIMES).map((step) => `times at a whole ${step}`),
};

/** Detects decimals and times of day that were cut off, and numbers that were rounded: no other figure shows that. */
export const rounded = columnGate({
  summary:
    'the share of values that are multiples of 0.1, 1, 4, 5, 10 or 100, or of times at a whole minute, hour or day (UTC), rises by at most this in each column of numbers or times',
  limit: 0.2,
  shown: percent,
  measure: ({ now, before, sizes }) => {
    if (now.type !== 'number' && now.type !== 'date') return undefined;
    // Of columns with few values, the gate `shares` judges all.
    if (now.multiples === undefined || before.multiples === undefined || before.shares !== undefined)
      return undefined;
    const known = before.multiples;
    const rises = KINDS[now.type]
      .slice(0, known.length)
      .map((kind, i) => ({ kind, old: known[i]!, now: now.multiples![i]! }));
    const most = rises.reduce((a, b) => (b.now - b.old > a.now - a.old ? b : a));
    return {
      figure: most.now - most.old,
      noise: shareNoise(most.old, sizes),
      detail: `${most.kind}: ${percent(most.old)} became ${percent(most.now)}`,
    };
  },
});
