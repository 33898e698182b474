import { percent } from '../../../../training/report/format.ts';
import type { DataGate, Verdict } from '../gate.ts';
import { type CategoryShare, categoryShares } from './categories.ts';
import { STANDARD_ERRORS } from './columnGate.ts';

/** Guards labels: of a single class they judge nothing, and a class that was copied or dropped skews a model. */
export const classes: DataGate = {
  summary: 'labels of more than one class, none of which is more or less frequent by more than this factor',
  limit: 2,
  judge: (input, limit) => {
    const { labels } = input.data;
    if (labels === undefined) return undefined;
    const name = labels.name ?? 'label';
    const at = input.now.columns.findIndex((column) => column.name === name);
    const now = input.now.columns[at]!;
    if (now.distinct < 2) {
      return { passed: false, figures: `${name}: labels of ${now.distinct} class`, column: name };
    }
    const before = input.before?.columns.find((column) => column.name === name);
    const sizes = { now: input.now.rows, before: input.before?.rows ?? 0 };
    const found =
      before && categoryShares({ now, before, column: input.columns[at]!, sizes, independent: sizes });
    if (found === undefined) return { passed: true, figures: `${name}: labels of ${now.distinct} classes` };
    return judged(name, found, sizes, limit);
  },
};

function judged(
  name: string,
  found: readonly CategoryShare[],
  sizes: { readonly now: number; readonly before: number },
  limit: number,
): Verdict {
  const ratios = found.map(({ name: value, now, before }) => {
    // One more row of each, so that a class of no row has a ratio.
    const odds = (share: number, rows: number) => (share * rows + 1) / ((1 - share) * rows + 1);
    const distance = Math.abs(Math.log(odds(now, sizes.now) / odds(before, sizes.before)));
    const error = Math.sqrt(1 / (before * sizes.before + 1) + 1 / (now * sizes.now + 1));
    return { value, now, before, factor: Math.exp(distance), allowed: Math.exp(STANDARD_ERRORS * error) };
  });
  const worst = ratios.reduce((a, b) =>
    b.factor / Math.max(limit, b.allowed) > a.factor / Math.max(limit, a.allowed) ? b : a,
  );
  const threshold = Math.max(limit, worst.allowed);
  return {
    passed: worst.factor <= threshold,
    figures: `${name}: ${worst.value} ${percent(worst.before)} became ${percent(worst.now)}, odds ${worst.factor.toFixed(2)} times, limit ${threshold.toFixed(2)}`,
    figure: worst.factor,
    threshold,
    column: name,
  };
}
