/** The history of a model for people: one line for each run and each command. */
import type { Aliases } from '../../shared/aliases.ts';
import { changeIn, leftBy } from './commands.ts';
import { type JournalEntry, timeText } from './journal.ts';
import type { Origin } from './origin.ts';

/** Lines in the order of what was recorded last of each, with its time: what is in force is by the last promotion. */
export function historyLines(entries: readonly JournalEntry[], known: Known = {}): string[] {
  return inOrderOfEnds(entries).map((own) => lineOf(own, known));
}

/** Facts about a run that has not ended, which its history lacks. */
export interface Known {
  /** The version in production. */
  readonly production?: string | undefined;
  /** The id of a run that was killed: nobody holds its lock any more. */
  readonly killed?: string | null;
}

/**
 * The line of the run or command that something was recorded of last: of several at a time, not the last to begin.
 * @param now Time in milliseconds since 1970, for which its age is told.
 */
export function lastLine(
  entries: readonly JournalEntry[],
  now: number,
  known: Known = {},
): string | undefined {
  const own = inOrderOfEnds(entries).at(-1);
  return own && lineOf(own, known, now);
}

/** The line of the run or command that put a version into production, as far as the history knows. */
export function sinceLine(
  entries: readonly JournalEntry[],
  production: string,
  now: number,
  killed?: string | null,
): string {
  const last = promotionsIn(entries).findLast(({ version, isSure }) => isSure || version === production);
  // The last one may have been taken back, and its run killed before it could record that.
  const isLast = last?.version === production || (last !== undefined && isTakenBack(last.own, production));
  if (isLast) return lineOf(last.own, { production, ...(killed && { killed }) }, now);
  const known = last === undefined ? 'names no version' : `names ${last.version} as the last one`;
  return `not known: the history ${known}; the aliases were restored, or written by another program, or by a command that was killed before it could record that`;
}

/** The version that was put into production last, by the history; undefined if that knows none. */
export function lastPromoted(entries: readonly JournalEntry[]): string | undefined {
  return promotionsIn(entries).findLast(({ isSure }) => isSure)?.version;
}

/** Versions that were put into production for certain, the last one first. */
export function promotedVersions(entries: readonly JournalEntry[]): string[] {
  const sure = promotionsIn(entries).filter(({ isSure }) => isSure);
  return [...new Set(sure.map(({ version }) => version).reverse())];
}

/** Runs and commands that put a version into production, in the order of their ends. */
function promotionsIn(entries: readonly JournalEntry[]) {
  return inOrderOfEnds(entries).flatMap((own) => {
    const promoted = promotedBy(own);
    return promoted === undefined ? [] : [{ own, ...promoted }];
  });
}

/** The version that a run or command put into production; undefined if it left production as it was. */
function promotedBy(own: readonly JournalEntry[]): { version: string; isSure: boolean } | undefined {
  const [first] = own as [JournalEntry, ...JournalEntry[]];
  const { from, to } = changeIn(first);
  if (first.event === 'command')
    return to === undefined || from?.production === to.production
      ? undefined
      : { version: to.production, isSure: true };
  const ended = own.find(({ event }) => event === 'ended');
  const version = foundBy(own).challenger;
  // A killed run may have got so far, or just not.
  const isPromoted = ended ? ended.outcome === 'promoted' : own.some(({ step }) => step === 'promote');
  const isSure = ended !== undefined || own.some(({ step, event }) => step === 'promote' && event === 'done');
  return isPromoted && version !== undefined ? { version, isSure } : undefined;
}

/** True for a run that has not ended, and whose version is no longer in production: what was before it is. */
function isTakenBack(own: readonly JournalEntry[], production: string): boolean {
  const { before, challenger } = foundBy(own);
  const isEnded = own.some(({ event }) => event === 'ended' || event === 'command');
  return !isEnded && before?.production === production && challenger !== production;
}

export interface Found {
  readonly before?: Aliases | null;
  readonly challenger?: string;
}

/** Findings of the steps of a run so far. */
export function foundBy(entries: readonly JournalEntry[]): Found {
  return Object.assign({}, ...entries.map(({ details }) => details?.found ?? {}));
}

/** The entries of each run and command, in the order of the last ones. Runs have an id each, commands share a name. */
function inOrderOfEnds(entries: readonly JournalEntry[]): JournalEntry[][] {
  const runs = new Map<string | JournalEntry, JournalEntry[]>();
  for (const entry of entries) {
    const key = entry.event === 'command' ? entry : entry.run;
    const own = [...(runs.get(key) ?? []), entry];
    runs.delete(key);
    runs.set(key, own);
  }
  return [...runs.values()];
}

function lineOf(own: readonly JournalEntry[], known: Known, now?: number): string {
  const last = own.at(-1)!;
  const what = last.event === 'command' ? commandText(last) : runText(own, known);
  const age = now === undefined ? '' : ` (${ageText(now - Date.parse(last.at))})`;
  return `${timeText(last)}${age}  ${what}${byText(own)}`;
}

const AGES = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 days ago`: a schedule that has stopped is seen by the age of its last run. */
function ageText(ms: number): string {
  const span = Math.abs(ms);
  const [unit, size] = AGES.find(([, each]) => span >= 2 * each) ?? ['minute', 60_000];
  const count = new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' });
  const text = count.format(Math.floor(span / size));
  return ms > -60_000 ? `${text} ago` : `${text} ahead of this machine's clock`;
}

function commandText(entry: JournalEntry): string {
  const { production, canary } = leftBy(entry);
  const left = [...(production ? [production] : []), ...(canary ? [`canary ${canary}`] : [])];
  return `${entry.run}: ${entry.reason}${left.length > 0 ? `; away from ${left.join(' and ')}` : ''}`;
}

function runText(entries: readonly JournalEntry[], { production, killed }: Known): string {
  const { before, challenger } = foundBy(entries);
  const ended = entries.find(({ event }) => event === 'ended');
  const kept = ended?.details?.stays ?? before?.production;
  const stays = kept === undefined ? '' : `; ${kept} stays`;
  if (ended === undefined) {
    const promoted = promotedBy(entries);
    const end = entries[0]!.run === killed ? 'killed' : 'not ended: goes on, or was killed';
    const state = promoted && stateOf(entries, promoted, production);
    return `${end} after ${lastStep(entries)}${state ?? stays}`;
  }
  const { outcome, reason = '' } = ended;
  const because = reason && `: ${reason}`;
  if (outcome === 'promoted')
    return `promoted ${challenger}${before ? `, in place of ${before.production}` : ''}${because}`;
  // Most reasons begin with the outcome.
  return `${reason.startsWith(`${outcome} `) ? reason : `${outcome}${because}`}${stays}`;
}

/** What became of a version that a run has begun to promote; undefined if that has changed nothing. */
function stateOf(
  own: readonly JournalEntry[],
  { version, isSure }: { readonly version: string; readonly isSure: boolean },
  production: string | undefined,
): string | undefined {
  if (production === undefined) return `; ${version} ${isSure ? 'is' : 'may be'} in production`;
  if (version === production) return `; ${version} is in production`;
  if (!isSure) return undefined;
  return isTakenBack(own, production)
    ? `; ${version} was taken back, ${production} is in production`
    : `; ${version} was in production`;
}

function lastStep(entries: readonly JournalEntry[]): string {
  return entries.findLast(({ event }) => event === 'done')?.step ?? 'its start';
}

function byText(entries: readonly JournalEntry[]): string {
  const by = entries.find(({ details }) => details?.by !== undefined)?.details?.by as Origin | undefined;
  return by === undefined ? '' : `  (${[`${by.user} on ${by.host}`, by.job].filter(Boolean).join(', ')})`;
}
