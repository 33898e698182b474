import { percent } from '../../../../training/report/format.ts';
import { columnGate } from './columnGate.ts';

/** Rows beyond an end of which chance leaves out all once in 100,000 nights. */
const ROWS = 12;
/** Deviations that all values may move by, which leaves out many where an end is dense, as that of waiting times. */
const MOVED = 0.2;

/** Detects rows that were left out by a value, such as a filter in an export: what was beyond is nowhere. */
export const truncated = columnGate({
  summary:
    "beyond the values of each column of numbers lies at most this share of the champion's, or as many as a shift by 0.2 deviations leaves out, more than of the new ones beyond the champion's other end",
  limit: 0.03,
  shown: percent,
  measure: ({ now, before, sizes }) => {
    const [known, own] = [before.quantiles, now.quantiles];
    // Of columns with few values, the gate `shares` judges all.
    if (now.type !== 'number' || known === undefined || own === undefined || before.shares !== undefined)
      return undefined;
    const [smallest, largest, shift] = [own[0]!, own.at(-1)!, MOVED * (before.deviation ?? 0)];
    const ends = [
      {
        end: 'below',
        at: smallest,
        lost: below(known, smallest),
        moved: above(own, known.at(-1)!),
        dense: below(known, known[0]! + shift),
      },
      {
        end: 'above',
        at: largest,
        lost: above(known, largest),
        moved: below(own, known[0]!),
        dense: above(known, known.at(-1)! - shift),
      },
    ];
    // Where the values beyond the other end are as many, all have moved: that is for the gate `quantiles`.
    const { end, at, lost, moved, dense } = ends.reduce((a, b) => (excess(b) > excess(a) ? b : a));
    return {
      figure: lost - moved,
      noise: dense + ROWS / sizes.now + 1 / (known.length - 1),
      detail: `${percent(lost)} of the champion's lie ${end} ${Number(at.toPrecision(4))}`,
    };
  },
});

function excess({ lost, moved, dense }: { lost: number; moved: number; dense: number }): number {
  return lost - moved - dense;
}

function below(quantiles: readonly number[], value: number): number {
  return Math.max(0, quantiles.filter((each) => each < value).length - 1) / (quantiles.length - 1);
}

function above(quantiles: readonly number[], value: number): number {
  return Math.max(0, quantiles.filter((each) => each > value).length - 1) / (quantiles.length - 1);
}
