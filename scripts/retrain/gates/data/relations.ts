import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { Profile } from '../../../../training/data/profile.ts';
import { NO_VALUE, type Related } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';
import { type Correlation, chanceOf, correlationsIn } from './correlations.ts';
import { ofKnownRows } from './knownRows.ts';
import { changesByMoves } from './moves.ts';

/** Probability that chance alone makes any pair of an honest night significant. */
export const SIGNIFICANCE = 0.0001;

/** Times the limit that holds for the hours of the day, of which one more or less, as in summer, is no other world. */
const HOURS = 2.5;
/** From here on, times do not cover the day: where the day was cut off, each night may have another part of it. */
const CROWDED = 0.4;

/**
 * Detects columns that were shuffled, shifted, exchanged or joined to other rows: each is as before by itself. How far
 * numbers spread in a category is for the gate `groups`.
 */
export const relations: DataGate = ofKnownRows({
  summary:
    "the rank correlation of no two columns differs by more than this from the champion's; nor, by 2.5 times as much, that of a column of numbers and the hour of the day, where the champion's times cover the day",
  limit: 0.12,
  judge: ({ now, before, lateLabel }, limit) => {
    if (now.relations === undefined || before?.relations === undefined) return undefined;
    const known = correlationsIn(before.relations, before.columns);
    const common = [...correlationsIn(now.relations, now.columns, lateLabel)].flatMap(([key, own]) => {
      const old = known.get(key) ?? whereNoneWasMissing(own, before.columns);
      return old === undefined || own.a.spread || own.b.spread || isCrowded(old.b) ? [] : [{ own, old }];
    });
    common.push(...whereHoursAreLost(now, known));
    if (common.length === 0) return undefined;
    const significance = SIGNIFICANCE / 2 / common.length;
    const byMoves = changesByMoves(now, before);
    const judged = common.map(({ own, old }) => {
      const least = own.b.hour === undefined ? limit : HOURS * limit;
      const areNumbers = own.b.category === undefined && own.b.hour === undefined;
      const moved = areNumbers ? byMoves(own.a.column, own.b.column) : 0;
      return {
        ...{ own, old, figure: Math.abs(own.correlation - old.correlation) },
        threshold: Math.max(least, chanceOf(own, old, significance)) + moved,
      };
    });
    const { own, old, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${named(own.a)} and ${named(own.b)}: correlation ${old.correlation.toFixed(2)} became ${own.correlation.toFixed(2)}, ${figure.toFixed(2)} apart, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: own.a.column,
    };
  },
});

/** For a column that had all its values, a correlation of 0. */
function whereNoneWasMissing(own: Correlation, columns: readonly ColumnProfile[]): Correlation | undefined {
  const isFirst = ({ column, category }: Related) =>
    category === NO_VALUE && columns.find(({ name }) => name === column)?.missing === 0;
  return isFirst(own.a) || isFirst(own.b) ? { ...own, correlation: 0 } : undefined;
}

/** Where the champion's times covered the day, and tonight's are one time of day: correlations of 0. */
function whereHoursAreLost(now: Profile, known: ReadonlyMap<string, Correlation>) {
  const { variables, pairs } = now.relations!;
  const correlates = new Set(pairs.map(([, place]) => place));
  return [...known.values()].flatMap((old) => {
    const { column, hour } = old.b;
    const own = variables.findIndex(
      (each) => hour !== undefined && each.column === column && each.hour === hour,
    );
    if (own < 0 || correlates.has(own) || isCrowded(old.b)) return [];
    if (!variables.some((each) => each.column === old.a.column)) return [];
    const rows = Math.min(old.rows, presentIn(now, column));
    return rows === 0 ? [] : [{ own: { ...old, correlation: 0, rows, fewest: rows, variance: 1 }, old }];
  });
}

function presentIn({ columns, rows }: Profile, name: string): number {
  return Math.round(rows * (1 - (columns.find((each) => each.name === name)?.missing ?? 1)));
}

function isCrowded({ crowded = 0 }: Related): boolean {
  return crowded > CROWDED;
}

function named({ column, category, hour }: Related): string {
  if (hour !== undefined) return `the ${hour} of the hour of ${column}`;
  return category === undefined ? column : `${column} ${category}`;
}
