import { normalQuantile } from '../../../../shared/normal.ts';
import { type Residuals, TENTHS } from '../../../../training/data/residuals.ts';
import type { DataGate } from '../gate.ts';
import { bothResiduals } from './bothResiduals.ts';
import { SIGNIFICANCE } from './relations.ts';

/** Times what the other tenths are apart: in sorted rows, and in those of a sensor that drifts, all tenths are. */
const WITHIN = 2.5;

/** Detects what changed in a short part of the rows, such as a sensor that was replaced for the last hours. */
export const tenths: DataGate = {
  summary:
    'in no tenth of the rows, by their order or a time, is a column of numbers further from what the other columns tell than in the others by more than this (standard deviations of ranks) and 2.5 times what these are apart',
  limit: 0.2,
  judge: ({ now, before }, limit) => {
    const compared = bothResiduals(now, before).flatMap(({ own, old }) => {
      const usual = Math.max(...old.tenths.flatMap(([, means]) => outlyingIn(means).figure));
      return own.tenths.map(([order, means]) => ({ ...outlyingIn(means), own, order, usual }));
    });
    if (compared.length === 0) return undefined;
    const critical = -normalQuantile(SIGNIFICANCE / 2 / TENTHS / compared.length);
    const judged = compared.map((each) => ({
      ...each,
      threshold: Math.max(limit, critical * errorOf(each.own), WITHIN * each.others, WITHIN * each.usual),
    }));
    const { own, order, tenth, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${own.column}, tenth ${tenth + 1} ${order}: ${figure.toFixed(2)} standard deviations from what the other columns tell, compared with the other tenths, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: own.column,
    };
  },
};

/** Standard error of the mean residual of a tenth. */
function errorOf({ scale, rows }: Residuals): number {
  return scale * Math.sqrt(TENTHS / rows);
}

/** The tenth that is furthest from the middle of the others, and how far these are apart. */
function outlyingIn(means: readonly number[]) {
  const each = means.map((mean, tenth) => {
    const others = means.filter((_, i) => i !== tenth).sort((a, b) => a - b);
    const middle = others[others.length >> 1]!;
    return {
      tenth,
      figure: Math.abs(mean - middle),
      others: Math.max(middle - others[0]!, others.at(-1)! - middle),
    };
  });
  return each.reduce((a, b) => (b.figure > a.figure ? b : a));
}
