/** The history of a model for people: one line for each run and each command. */
import type { RunState } from './context.ts';
import type { JournalEntry } from './journal.ts';
import type { Origin } from './origin.ts';

export function historyLines(entries: readonly JournalEntry[]): string[] {
  const runs = new Map<string | JournalEntry, JournalEntry[]>();
  for (const entry of entries) {
    // Commands share a name, runs have an id each.
    const key = entry.event === 'command' ? entry : entry.run;
    runs.set(key, [...(runs.get(key) ?? []), entry]);
  }
  return [...runs.values()].map((own) => {
    const [first] = own as [JournalEntry, ...JournalEntry[]];
    const what = first.event === 'command' ? `${first.run}: ${first.reason}` : runText(own);
    return `${first.at.slice(0, 16).replace('T', ' ')}  ${what}${byText(own)}`;
  });
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
