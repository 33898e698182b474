import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Detects sensors that repeat one value, and missing values that were replaced by one. */
export const stuck = columnGate({
  summary: 'the share of the most frequent value of no column of numbers rises by more than this',
  limit: 0.05,
  shown: percent,
  measure: ({ now, before, sizes }) => {
    // Of columns with few values, the gate `shares` judges all.
    if (now.type !== 'number' || before.shares !== undefined) return undefined;
    return {
      figure: now.top - before.top,
      noise: shareNoise(before.top, sizes),
      detail: `${percent(before.top)} became ${percent(now.top)}`,
    };
  },
});
