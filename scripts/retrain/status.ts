/** What is in force, since when, by whom and why, and what to do next: for somebody on call. */
import type { Aliases } from '../../shared/aliases.ts';
import { InputError } from '../../shared/errors.ts';
import { commandLine } from '../cli/places.ts';
import { readDamagedAliases } from './aliases.ts';
import { fileOf } from './control.ts';
import { lastLine, lastPromoted, sinceLine } from './historyLines.ts';
import { type JournalEntry, openJournal, unfinishedRun } from './journal.ts';
import { lockHolder } from './lock.ts';
import { modelsIn } from './models.ts';
import type { Target } from './targets/target.ts';

export interface ModelStatus {
  readonly model: string;
  /** Null if they are damaged. */
  readonly aliases: Aliases | null;
  /** A line about what put the version into production; null if the aliases are damaged. */
  readonly since: string | null;
  /** The run in progress. */
  readonly running: string | null;
  /** The killed run that the next one is to resume or undo. */
  readonly unfinished: string | null;
  /** A line about the last run or command. */
  readonly last: string | null;
  /** What to do, with its command, or what to wait for. */
  readonly next: string;
}

/** @throws {InputError} if a model that is named has no version in production. */
export async function statusOf(target: Target, given: string | undefined): Promise<ModelStatus[]> {
  const { bucket, release } = target;
  const models = given === undefined ? await modelsIn(bucket, fileOf(target)) : [given];
  const now = Date.now();
  const all: ModelStatus[] = [];
  for (const model of models) {
    const { aliases = null, damage } = await readDamagedAliases(bucket, release.key(model));
    if (aliases === null && damage === undefined)
      throw new InputError(`${model} has no version in production`);
    const running = (await lockHolder(bucket, model)) ?? null;
    const { entries } = await openJournal(bucket, model);
    const unfinished = running === null ? (unfinishedRun(entries)?.[0]?.run ?? null) : null;
    const known = { model, aliases, running, unfinished, last: lastLine(entries, now) ?? null };
    const since = aliases && sinceLine(entries, aliases.production, now);
    all.push({ ...known, since, next: nextOf(target, known, entries) });
  }
  return all;
}

type Known = Pick<ModelStatus, 'model' | 'aliases' | 'running' | 'unfinished'>;

function nextOf(
  { name }: Target,
  { model, aliases, running, unfinished }: Known,
  entries: readonly JournalEntry[],
): string {
  const deploy = (flag: string) => `${commandLine('deploy')} ${flag} --target ${name}`;
  if (aliases === null) {
    const last = lastPromoted(entries);
    if (last !== undefined)
      return `${deploy(`--promote ${model}@${last}`)}, the last version that was promoted`;
    return `${commandLine('models')} list ${model} --target ${name}; then ${deploy(`--promote ${model}@<version>`)}`;
  }
  if (running !== null) return 'nothing; wait until that run ends, or its lock expires';
  if (aliases.canary !== undefined)
    return `${deploy(`--rollback ${model}`)}, which removes the canary that no run watches any more`;
  if (unfinished !== null)
    return `nothing that clients need; the next ${commandLine('retrain')} resumes that run, if it is the same, or undoes it`;
  const ended = entries.findLast(({ event }) => event === 'ended' || event === 'command');
  const advice = ended?.details?.next;
  return typeof advice === 'string' ? `nothing that clients need; ${advice}` : 'nothing';
}
