import { MULTIPLES } from '../../../../training/data/columnProfile.ts';
import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Detects decimals that were cut off, and numbers that were rounded: no other figure of a column shows that. */
export const rounded = columnGate({
  summary:
    'the share of values that are multiples of 0.1, 1, 10 or 100 rises by at most this in each column of numbers',
  limit: 0.2,
  shown: percent,
  measure: ({ now, before, sizes }) => {
    // Of columns with few values, the gate `shares` judges all.
    if (now.multiples === undefined || before.multiples === undefined || before.shares !== undefined)
      return undefined;
    const rises = MULTIPLES.map((step, i) => ({ step, old: before.multiples![i]!, now: now.multiples![i]! }));
    const most = rises.reduce((a, b) => (b.now - b.old > a.now - a.old ? b : a));
    return {
      figure: most.now - most.old,
      noise: shareNoise(most.old, sizes),
      detail: `multiples of ${most.step}: ${percent(most.old)} became ${percent(most.now)}`,
    };
  },
});
