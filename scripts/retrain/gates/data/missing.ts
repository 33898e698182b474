import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Detects columns that are no longer filled in. */
export const missing = columnGate({
  summary: 'the share of missing values of no column rises by more than this',
  limit: 0.1,
  shown: percent,
  measure: ({ now, before, sizes }) => ({
    figure: now.missing - before.missing,
    noise: shareNoise(before.missing, sizes),
    detail: `${percent(before.missing)} became ${percent(now.missing)}`,
  }),
});
