/** Exports that are frozen are told: their newest time is that of the run before, or older. */
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../../scripts/retrain/journal.ts';
import { frozenLine, newestTimes } from '../../../scripts/retrain/newestTimes.ts';
import type { DateColumn } from '../../../training/data/table.ts';

const times = (name: string, ...texts: readonly string[]): DateColumn => ({
  ...{ name, type: 'date', values: Float64Array.from(texts, Date.parse) },
});

/** A run that has looked at columns. */
const looked = (run: string, at: string, ...columns: readonly DateColumn[]): JournalEntry => ({
  ...{ run, at, event: 'done', step: 'inspect', details: { found: { newest: newestTimes(columns) } } },
});

const FIRST = looked('r1', '2026-11-28T03:17:00Z', times('at', '2026-11-27T23:00Z'));
const LAST = looked(
  'r2',
  '2026-11-29T03:17:00Z',
  times('at', '2026-11-28T23:00Z', 'never', '2026-11-28T09:00Z'),
);
const HISTORY = [FIRST, LAST, { run: 'r2', at: LAST.at, event: 'ended', outcome: 'refused' } as const];

const lineOf = (...columns: readonly DateColumn[]) => frozenLine(newestTimes(columns), HISTORY);

it('tells of the same newest time, and of an older one, whatever became of the run before', () => {
  expect(lineOf(times('at', '2026-11-28T23:00Z'))).toBe(
    'data: the newest at is 2026-11-28 23:00 UTC, the same as in the run of 2026-11-29 03:17 UTC: if new rows were due, look at the export',
  );
  expect(lineOf(times('at', '2026-11-20T23:00Z', '2026-11-21T01:00Z'))).toBe(
    'data: the newest at is 2026-11-21 01:00 UTC, older than the newest of the run of 2026-11-29 03:17 UTC, 2026-11-28 23:00 UTC: if new rows were due, look at the export',
  );
});

it('tells nothing of newer rows, of other columns, and without a run before', () => {
  expect(lineOf(times('at', '2026-11-28T23:01Z'))).toBeUndefined();
  expect(lineOf(times('when', '2026-11-20'))).toBeUndefined();
  expect(lineOf()).toBeUndefined();
  expect(frozenLine(newestTimes([times('at', '2026-11-20')]), [])).toBeUndefined();
  expect(newestTimes([times('at', 'never')])).toEqual({});
});

it('tells nothing if one column has moved on, as others may end on the same day for weeks', () => {
  const history = [looked('r1', LAST.at, times('sold', '2026-11-28'), times('expires', '2027-01-01'))];
  const now = newestTimes([times('sold', '2026-11-29'), times('expires', '2027-01-01')]);
  expect(frozenLine(now, history)).toBeUndefined();
});
