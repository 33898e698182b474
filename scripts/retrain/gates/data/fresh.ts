import type { DateColumn } from '../../../../training/data/table.ts';
import type { DataGate } from '../gate.ts';

const DAY_MS = 86_400_000;
/** Share of the rows that may have a time in the future: a mistyped year in a row or two. */
const FUTURE_SHARE = 0.001;
/** Share of the champion's span that the newest time may lie before: fewer rows may end earlier. */
const SPAN = 0.5;
/** Quantile that the span begins at: a clock that was reset gives a few rows the year 1970. */
const OLDEST = 0.1;

/** Detects wrong clocks and years, and an export that is older than the one before. */
export const fresh: DataGate = {
  summary:
    "no time lies in the future by more than this number of days, unless the champion's did when it was trained, and the newest time of a column is not older than the champion's by more, and by more than half of the champion's span",
  limit: 1,
  judge: ({ columns, before, champion, at }, limit) => {
    const trainedAt = champion === undefined ? at : Date.parse(champion.createdAt);
    const judged = columns.flatMap((column) => {
      if (column.type !== 'date' || column.values.every(Number.isNaN)) return [];
      const known = before?.columns.find(({ name }) => name === column.name)?.quantiles;
      return [{ name: column.name, ...lateness(column, known, at, trainedAt) }];
    });
    const [worst] = judged.sort((a, b) => b.days - a.days);
    if (worst === undefined) return undefined;
    const { name, days, text } = worst;
    return {
      passed: days <= limit,
      figures: `${name}: ${text}, limit ${limit} days`,
      figure: days,
      threshold: limit,
      column: name,
    };
  },
};

/** Days by which the newest time is too late or too early; negative if it is neither. */
function lateness(
  { values }: DateColumn,
  known: readonly number[] | undefined,
  at: number,
  trainedAt: number,
) {
  const [oldest, last] = [known?.[Math.floor(OLDEST * (known.length - 1))] ?? 0, known?.at(-1)];
  const ascending = values.filter((value) => !Number.isNaN(value)).sort();
  const newest = ascending[Math.floor((1 - FUTURE_SHARE) * (ascending.length - 1))]!;
  // Dates of expiry lie in the future by nature, and by about as much every night.
  const usual = last === undefined ? 0 : Math.max(0, last - trainedAt);
  const ahead = (newest - at - usual) / DAY_MS;
  const isOlder = last !== undefined && last - ascending.at(-1)! > SPAN * (last - oldest);
  const behind = isOlder ? (last - ascending.at(-1)!) / DAY_MS : Number.NEGATIVE_INFINITY;
  return ahead >= behind
    ? {
        days: ahead,
        text: `up to ${dayOf(newest)}, ${ahead <= 0 ? 'not' : daysText(ahead)} ahead of ${usual === 0 ? 'today' : 'what is usual'}`,
      }
    : {
        days: behind,
        text: `newest ${dayOf(ascending.at(-1)!)}, ${daysText(behind)} behind the champion's data`,
      };
}

function daysText(days: number): string {
  return `${days.toFixed(days < 10 ? 1 : 0)} days`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
