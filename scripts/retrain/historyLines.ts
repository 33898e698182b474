/** The history of a model for people: one line for each run and each command. */
import type { RunState } from './context.ts';
import type { JournalEntry } from './journal.ts';
import type { Origin } from './origin.ts';

export function historyLines(entries: readonly JournalEntry[]): string[] {
  return [...byRun(entries).values()].map(lineOf);
}

/** The line of the run or command that something was recorded of last: of several at a time, not the last to begin. */
export function lastLine(entries: readonly JournalEntry[]): string | undefined {
  const own = [...byRun(entries).values()].find((each) => each.includes(entries.at(-1)!));
  return own && lineOf(own);
}

/** Runs have an id each, commands share a name. */
function byRun(entries: readonly JournalEntry[]): Map<string | JournalEntry, JournalEntry[]> {
  const runs = new Map<string | JournalEntry, JournalEntry[]>();
  for (const entry of entries) {
    const key = entry.event === 'command' ? entry : entry.run;
    runs.set(key, [...(runs.get(key) ?? []), entry]);
  }
  return runs;
}

function lineOf(own: readonly JournalEntry[]): string {
  const [first] = own as [JournalEntry, ...JournalEntry[]];
  const what = first.event === 'command' ? `${first.run}: ${first.reason}` : runText(own);
  return `${first.at.slice(0, 16).replace('T', ' ')}  ${what}${byText(own)}`;
}

function runText(entries: readonly JournalEntry[]): string {
  const { before, challenger } = Object.assign(
    {},
    ...entries.map(({ details }) => details?.found ?? {}),
  ) as Partial<RunState>;
  const ended = entries.find(({ event }) => event === 'ended');
  const stays = before ? `; ${before.production} stays` : '';
  if (ended === undefined) return `not ended: goes on, or was killed after ${lastStep(entries)}${stays}`;
  const { outcome, reason = '' } = ended;
  const because = reason && `: ${reason}`;
  if (outcome === 'promoted')
    return `promoted ${challenger}${before ? `, in place of ${before.production}` : ''}${because}`;
  // Most reasons begin with the outcome.
  return `${reason.startsWith(`${outcome} `) ? reason : `${outcome}${because}`}${stays}`;
}

function lastStep(entries: readonly JournalEntry[]): string {
  return entries.findLast(({ event }) => event === 'done')?.step ?? 'its start';
}

function byText(entries: readonly JournalEntry[]): string {
  const by = entries.find(({ details }) => details?.by !== undefined)?.details?.by as Origin | undefined;
  return by === undefined ? '' : `  (${[`${by.user} on ${by.host}`, by.job].filter(Boolean).join(', ')})`;
}
