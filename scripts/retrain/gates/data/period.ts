import { percent } from '../../../../training/report/format.ts';
import { columnGate, shareNoise } from './columnGate.ts';

/** Quantiles that the champion's period begins and ends at: clocks that were reset give a few rows other years. */
const [FIRST, LAST] = [0.01, 0.99];
/** Part of that period that a time may lie before it. */
const BEFORE = 0.5;

/** Detects old rows among new ones, such as last year's: the newest time does not show them. */
export const period = columnGate({
  summary:
    "at most this share of the times of each column lies before the champion's, by more than half of their span",
  limit: 0.05,
  shown: percent,
  measure: ({ before, column, sizes }) => {
    const known = before.quantiles;
    if (column.type !== 'date' || known === undefined) return undefined;
    const at = (share: number) => known[Math.round(share * (known.length - 1))]!;
    const oldest = at(FIRST) - BEFORE * (at(LAST) - at(FIRST));
    const older = column.values.filter((time) => time < oldest).length;
    return {
      figure: older / sizes.now,
      noise: shareNoise(0, sizes),
      detail: `before ${new Date(oldest).toISOString().slice(0, 10)}`,
    };
  },
});
