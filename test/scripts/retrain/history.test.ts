import { expect, it } from 'vitest';
import { historyLines, lastLine, lastPromoted, sinceLine } from '../../../scripts/retrain/historyLines.ts';
import type { JournalEntry } from '../../../scripts/retrain/journal.ts';

const [A, B, C] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'];
const by = { user: 'eve', host: 'ci-7', pid: 3 };

/** A run with its first entry, the version that it trained, and its end. */
function run(
  id: string,
  minute: number,
  before: string | undefined,
  challenger: string | undefined,
  ended?: Pick<JournalEntry, 'outcome' | 'reason'>,
): JournalEntry[] {
  const at = `2026-03-0${minute}T03:17:00.000Z`;
  const found = { before: before === undefined ? null : { production: before } };
  return [
    { run: id, at, event: 'started', details: { found, by } },
    { run: id, at, event: 'begun', step: 'train' },
    ...(challenger
      ? [{ run: id, at, event: 'done' as const, step: 'train', details: { found: { challenger } } }]
      : []),
    ...(ended ? [{ run: id, at, event: 'ended' as const, ...ended }] : []),
  ];
}

it('tells what became of each run and command in a line, in order', () => {
  const unreadable: JournalEntry = {
    ...{ run: 'r4', at: '2026-03-04T03:17:00.000Z', event: 'ended', outcome: 'failed' },
    ...{ reason: 'orders.csv: no such file', details: { by, found: { before: { production: B } } } },
  };
  const rollback: JournalEntry = {
    ...{ run: 'rollback', at: '2026-03-05T09:00:00.000Z', event: 'command', reason: `production ${A}` },
    details: {
      by: { ...by, job: 'https://ci/1' },
      ...{ from: { production: B, previous: A }, to: { production: A } },
    },
  };
  const first = run('r1', 1, undefined, A, { outcome: 'promoted' });
  const entries = [
    ...first,
    ...run('r2', 2, A, B, { outcome: 'promoted', reason: 'accepted: shares' }),
    ...run('r3', 3, B, undefined, { outcome: 'refused', reason: 'refused by range' }),
    ...[unreadable, rollback, { ...rollback, at: '2026-03-06T09:00:00.000Z' }],
    ...run('r7', 7, A, C),
  ];
  expect(historyLines(entries)).toEqual([
    `2026-03-01 03:17 UTC  promoted ${A}  (eve on ci-7)`,
    `2026-03-02 03:17 UTC  promoted ${B}, in place of ${A}: accepted: shares  (eve on ci-7)`,
    `2026-03-03 03:17 UTC  refused by range; ${B} stays  (eve on ci-7)`,
    `2026-03-04 03:17 UTC  failed: orders.csv: no such file; ${B} stays  (eve on ci-7)`,
    `2026-03-05 09:00 UTC  rollback: production ${A}; away from ${B}  (eve on ci-7, https://ci/1)`,
    `2026-03-06 09:00 UTC  rollback: production ${A}; away from ${B}  (eve on ci-7, https://ci/1)`,
    `2026-03-07 03:17 UTC  not ended: goes on, or was killed after train; ${A} stays  (eve on ci-7)`,
  ]);
});

it('names last the run that something was recorded of last, though others began after it', () => {
  const own = run('r1', 1, A, B, { outcome: 'refused', reason: 'refused by range' });
  const meanwhile = run('r2', 2, A, C, { outcome: 'promoted' });
  const entries = [...own.slice(0, -1), ...meanwhile, own.at(-1)!];
  expect(lastLine(entries, Date.parse('2026-03-04T04:00:00Z'))).toBe(
    `2026-03-01 03:17 UTC (3 days ago)  refused by range; ${A} stays  (eve on ci-7)`,
  );
  expect(lastLine([], 0)).toBeUndefined();
  // The clock has been put back since.
  expect(lastLine(entries, Date.parse('2026-03-01T01:17:00Z'))).toContain(
    "(2 hours ahead of this machine's clock)",
  );
});

it('tells what ended later later, though it began before', () => {
  const promoted = run('r1', 1, A, B, { outcome: 'promoted' });
  const end: JournalEntry = { ...promoted.at(-1)!, at: '2026-03-01T05:00:00.000Z' };
  const rollback: JournalEntry = {
    ...{ run: 'rollback', at: '2026-03-01T04:00:00.000Z', event: 'command', reason: `production ${A}` },
    details: { from: { production: B, previous: A }, to: { production: A } },
  };
  expect(historyLines([...promoted.slice(0, -1), rollback, end])).toEqual([
    `2026-03-01 04:00 UTC  rollback: production ${A}; away from ${B}`,
    `2026-03-01 05:00 UTC  promoted ${B}, in place of ${A}  (eve on ci-7)`,
  ]);
});

it('tells which run or command put a version into production, when and by whom', () => {
  const now = Date.parse('2026-03-05T05:17:00Z');
  const promoted = run('r1', 1, A, B, { outcome: 'promoted' });
  const refused = run('r2', 2, B, C, { outcome: 'refused', reason: 'refused by range' });
  const withCanary = { production: B, canary: { version: C, percentage: 10 } };
  const command = (minute: number, from: object, to: object): JournalEntry => ({
    ...{ run: 'rollback', at: `2026-03-0${minute}T03:17:00.000Z`, event: 'command', reason: 'rolled' },
    details: { from, to, by },
  });
  const entries = [...promoted, ...refused, command(3, withCanary, { production: B })];
  expect(sinceLine(entries, B, now)).toBe(
    `2026-03-01 03:17 UTC (4 days ago)  promoted ${B}, in place of ${A}  (eve on ci-7)`,
  );
  expect(lastPromoted(entries)).toBe(B);
  const back = [...entries, command(5, { production: B }, { production: A })];
  expect(sinceLine(back, A, now)).toBe(
    `2026-03-05 03:17 UTC (2 hours ago)  rollback: rolled; away from ${B}  (eve on ci-7)`,
  );
  expect(sinceLine(back, C, now)).toContain(`not known: the history names ${A} as the last one`);
  expect(sinceLine([], C, now)).toContain('not known: the history names no version');
});

it('tells of a run that was killed while it promoted whether its version is in force', () => {
  const killed: JournalEntry[] = [
    ...run('r1', 1, undefined, A, { outcome: 'promoted' }),
    ...run('r2', 2, A, B),
    { run: 'r2', at: '2026-03-02T03:18:00.000Z', event: 'begun', step: 'promote' },
  ];
  const now = Date.parse('2026-03-02T03:20:00Z');
  expect(sinceLine(killed, A, now)).toContain(`promoted ${A}`);
  expect(sinceLine(killed, B, now)).toContain(`${B} is in production`);
  expect(sinceLine(killed, B, now)).toBe(lastLine(killed, now, { production: B }));
  // Whoever knows what is in force is told no doubt.
  expect(lastLine(killed, now)).toContain(`${B} may be in production`);
  expect(lastLine(killed, now, { production: A })).toContain(`killed after train; ${A} stays`);
  expect(lastLine(killed, now, { production: B })).toContain(`killed after train; ${B} is in production`);
  const done: JournalEntry = { ...killed.at(-1)!, event: 'done' };
  expect(sinceLine([...killed, done], B, now)).toContain(`${B} is in production`);
  expect(lastPromoted([...killed, done])).toBe(B);
  // Killed while it took its version back.
  const back = [...killed, done];
  expect(sinceLine(back, A, now, 'r2')).toContain(
    `killed after promote; ${B} was taken back, ${A} is in production`,
  );
  expect(sinceLine(back, A, now, 'r2')).toBe(lastLine(back, now, { production: A, killed: 'r2' }));
  expect(lastLine(back, now, { production: C })).toContain(`${B} was in production`);
});
