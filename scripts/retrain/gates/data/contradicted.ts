import { OUTER } from '../../../../training/data/outerResiduals.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { bothResiduals, type ToldResiduals } from './bothResiduals.ts';
import { ofKnownRows } from './knownRows.ts';
import { SIGNIFICANCE } from './relations.ts';
import { rowsOfOneNight } from './rowsByChance.ts';

/** Widening of the known range of residuals on both sides, as a share of it. */
const MARGIN = 0.25;

/**
 * Detects values in another unit, or of another row, in a few rows of a column: they lie within its range, and the other
 * columns contradict them.
 */
export const contradicted: DataGate = ofKnownRows({
  summary:
    "at most this share of the values of each column of numbers is further from what the other columns of numbers tell (linear regression) than any of the champion's, by a quarter of the range that its residuals have",
  limit: 0.005,
  judge: ({ now, before }, limit) => {
    const compared = bothResiduals(now, before).filter(({ own, old }) => own.outer && old.outer);
    if (compared.length === 0) return undefined;
    const significance = SIGNIFICANCE / compared.length;
    const judged = compared.map(({ own, old }) => {
      const [low, high] = [old.outer!.low[0]!, old.outer!.high[0]!];
      const margin = MARGIN * (high - low);
      const chance = rowsOfOneNight(significance, own.rows, old.rows) / own.rows;
      return {
        ...{ own, low, high, figure: shareBeyond(own, low - margin, high + margin) },
        threshold: Math.max(limit, chance),
      };
    });
    const { own, low, high, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const told = [own.outer!.low[0]!, own.outer!.high[0]!].map((each) => each.toPrecision(3)).join(' to ');
    return {
      passed: figure <= threshold,
      figures: `${own.column}: ${percent(figure)} of it far from what the other columns tell (${told} off, was ${low.toPrecision(3)} to ${high.toPrecision(3)}), limit ${percent(threshold)}`,
      figure,
      threshold,
      column: own.column,
    };
  },
});

function shareBeyond({ outer }: ToldResiduals, low: number, high: number): number {
  return (
    sharePast(
      outer!.low.map((each) => -each),
      -low,
    ) + sharePast(outer!.high, high)
  );
}

/** Between the shares that are kept, in a straight line. */
function sharePast(descending: readonly number[], bound: number): number {
  const within = descending.findIndex((each) => each <= bound);
  if (within < 0) return OUTER.at(-1)!;
  if (within === 0) return 0;
  const [far, near] = [descending[within - 1]!, descending[within]!];
  const [from, to] = [OUTER[within - 1]!, OUTER[within]!];
  return from + ((far - bound) / (far - near)) * (to - from);
}
