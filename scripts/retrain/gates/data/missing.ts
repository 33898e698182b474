import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** A column that was always filled in is no longer, if only in some rows. */
const STRICT = 0.6;

/** Detects columns that are no longer filled in. */
export const missing = columnGate({
  summary:
    'the share of missing values of no column rises by more than this, or by three fifths of it where the champion had none; the label is exempt with --from-production, as labels come later',
  limit: 0.1,
  shown: percent,
  measure: ({ now, before, sizes, isLateLabel }) =>
    isLateLabel
      ? undefined
      : {
          figure: now.missing - before.missing,
          noise: shareNoise(before.missing, sizes),
          ...(before.missing === 0 && { strictness: STRICT }),
          detail: `${percent(before.missing)} became ${percent(now.missing)}`,
        },
});
