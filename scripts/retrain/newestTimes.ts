/** The newest times of the data of a run, which show an export that is frozen: the same rows, or older ones, each night. */
import type { Column } from '../../training/data/table.ts';
import { type JournalEntry, timeText } from './journal.ts';

/** The newest time of each column of times, in milliseconds since 1970. */
export type NewestTimes = Readonly<Record<string, number>>;

export function newestTimes(columns: readonly Column[]): NewestTimes {
  const found: Record<string, number> = {};
  for (const column of columns) {
    if (column.type !== 'date') continue;
    const newest = column.values.reduce(
      (most, value) => (value > most ? value : most),
      Number.NEGATIVE_INFINITY,
    );
    if (Number.isFinite(newest)) found[column.name] = newest;
  }
  return found;
}

/**
 * Returns a line about data whose newest time is not newer than that of the run before; undefined if it is, or nothing is
 * known. Of several columns, any that has moved on is enough: some, such as dates of expiry, end on the same day.
 */
export function frozenLine(now: NewestTimes, history: readonly JournalEntry[]): string | undefined {
  const before = history.findLast((entry) => timesIn(entry) !== undefined);
  const known = before && timesIn(before)!;
  const both = Object.keys(now).filter((name) => known?.[name] !== undefined);
  const [latest] = both.toSorted((a, b) => now[b]! - now[a]!);
  if (latest === undefined || both.some((name) => now[name]! > known![name]!)) return undefined;
  const [newest, last] = [now[latest]!, known![latest]!];
  const than = newest < last ? 'older than the newest of the run of' : 'the same as in the run of';
  const which = newest < last ? `, ${shown(last)}` : '';
  return `data: the newest ${latest} is ${shown(newest)}, ${than} ${timeText(before!)}${which}: if new rows were due, look at the export`;
}

function timesIn({ event, step, details }: JournalEntry): NewestTimes | undefined {
  const { newest } = (details?.found ?? {}) as { readonly newest?: NewestTimes };
  return event === 'done' && step === 'inspect' ? newest : undefined;
}

function shown(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
