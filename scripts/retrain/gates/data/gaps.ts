import { normalQuantile } from '../../../../shared/normal.ts';
import { type DividedColumn, partCount, partText } from '../../../../training/data/columnParts.ts';
import { cellsOf, isNear, rowsOfCells } from '../../../../training/data/gaps.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { clusteringIn } from './bothPairs.ts';
import { ofKnownRows } from './knownRows.ts';
import { movesBetween } from './moves.ts';
import { SIGNIFICANCE } from './relations.ts';
import { rowsOfOneNight } from './rowsByChance.ts';

/** Width of most ranges, in deviations. */
const RANGE = 0.25;

/**
 * Detects what was changed in a part of a column's range, or by a rule of another column: a unit of small children, a
 * charge that only others pay. Each value is one that occurs, but not there.
 */
export const gaps: DataGate = ofKnownRows({
  summary:
    "of no two columns, one of numbers at least, do more than this share of the rows lie where none of the champion's did, nor in a range next to that (22 ranges of numbers; categories, and values of 10 % of the rows, are next to none)",
  limit: 0.01,
  judge: ({ now, before, columns }, limit) => {
    const known = before?.gaps;
    if (known === undefined) return undefined;
    const counted = rowsOfCells(columns, now.rows, known).flatMap((counts, i) => {
      const { first, second, occupied, halved } = known.pairs[i]!;
      const [a, b] = [known.columns[first]!, known.columns[second]!];
      const rows = counts?.reduce((sum, count) => sum + count, 0);
      return counts === undefined || !rows
        ? []
        : [{ ...{ a, b, counts, rows, halved }, had: cellsOf(occupied).slice(0, counts.length) }];
    });
    if (counted.length === 0) return undefined;
    const significance = SIGNIFICANCE / counted.length;
    const move = movesBetween(now, before!);
    const reach = ({ column }: DividedColumn) => 1 + Math.round(Math.abs(move(column)) / RANGE);
    const judged = counted.map(({ a, b, counts, rows, halved, had }) => {
      const clustering = Math.max(...[a, b].map(({ column }) => clusteringIn(column, now, before!)));
      const [own, old] = [rows / clustering, before!.rows / clustering];
      const error = Math.sqrt(halved * (1 / own + 1 / old));
      const chance =
        halved - normalQuantile(significance) * error + rowsOfOneNight(significance, own, old) / own;
      const inGaps = rowsWhereNot(isNear(had, a, b, [reach(a), reach(b)]), counts);
      return { ...{ a, b, inGaps }, figure: sumOf(inGaps) / rows, threshold: Math.max(limit, chance) };
    });
    const { a, b, inGaps, figure, threshold } = judged.reduce((x, y) =>
      y.figure / y.threshold > x.figure / x.threshold ? y : x,
    );
    const such = figure === 0 ? '' : `, such as ${mostIn(inGaps, a, b)}`;
    return {
      passed: figure <= threshold,
      figures: `${a.column} and ${b.column}: ${percent(figure)} of the rows far from where the champion had any${such}, limit ${percent(threshold)}`,
      figure,
      threshold,
      column: a.column,
    };
  },
});

function rowsWhereNot(near: readonly boolean[], counts: Uint32Array): Uint32Array {
  return counts.map((count, cell) => (near[cell] ? 0 : count));
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The cell of most rows. */
function mostIn(counts: Uint32Array, a: DividedColumn, b: DividedColumn): string {
  const most = counts.indexOf(Math.max(...counts));
  const width = partCount(b);
  return `${partText(a, Math.floor(most / width))} with ${partText(b, most % width)}`;
}
