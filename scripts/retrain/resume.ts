/** Handling a killed run: the same run resumes it, any other undoes it. */
import { existsSync } from 'node:fs';
import { acceptCandidate, markCandidate, versionFolder } from '../cli/candidates.ts';
import { readAliases } from './aliases.ts';
import { changedAfter } from './commands.ts';
import type { RetrainRun, RunState } from './context.ts';
import { differences, type Identity } from './identity.ts';
import { type Journal, type JournalEntry, timeText, unfinishedRun } from './journal.ts';
import type { StepName } from './steps/registry.ts';
import { isStored } from './stored.ts';
import { undo } from './undo.ts';

/** Progress of a run: its steps so far, and their results. */
export interface RunProgress {
  readonly id: string;
  readonly state: RunState;
  readonly done: ReadonlySet<StepName>;
  /** The steps that were begun: a killed run may have done the last one. */
  readonly begun: ReadonlySet<StepName>;
}

/**
 * Returns the progress of a killed run that was the same as this one. Undoes any other killed run, and
 * returns undefined.
 * @param identity Of this run.
 */
export async function resume(
  run: Omit<RetrainRun, 'id'>,
  journal: Journal,
  identity: Identity,
): Promise<RunProgress | undefined> {
  const entries = unfinishedRun(journal.entries);
  if (entries === undefined) return undefined;
  const progress = progressOf(entries);
  const differing = differences(entries[0]!.details?.identity as Identity, identity);
  const isSame = differing.length === 0;
  const command = changedAfter(journal.entries, entries[0]!);
  if (isSame && command === undefined && (await isContinuable(run, progress))) {
    run.print(
      `resuming run ${progress.id}, which was killed after: ${[...progress.done].join(', ') || 'nothing'}`,
    );
    return progress;
  }
  const why = !isSame
    ? `this one differs from it in ${differing.join(', ')}`
    : command !== undefined
      ? `a command has changed the aliases since (${command.run}, ${timeText(command)})`
      : 'what it had found or trained is no longer there';
  run.print(`undoing run ${progress.id}, which was killed, instead of resuming it: ${why}`);
  const { target, model, print } = run;
  const isPromoted = await undo({ target, model, state: progress.state, keepPromoted: true, print });
  const { challenger } = progress.state;
  if (challenger !== undefined && isPromoted) await acceptCandidate(run.options.out, model, challenger);
  else if (challenger !== undefined)
    await markCandidate(run.options.out, model, challenger, { run: progress.id, outcome: 'abandoned' });
  await journal.append({
    ...{ run: progress.id, event: 'ended', outcome: isPromoted ? 'promoted' : 'abandoned' },
    reason: 'it was killed, and another run came next',
    details: { killed: true },
  });
  return undefined;
}

function progressOf(entries: readonly JournalEntry[]): RunProgress {
  const done = entries.filter(({ event }) => event === 'done');
  const steps = (own: readonly JournalEntry[]) => new Set(own.map(({ step }) => step as StepName));
  const found = [entries[0]!, ...done].map(({ details }) => details?.found ?? {});
  return {
    id: entries[0]!.run,
    state: Object.assign({}, ...found) as RunState,
    done: steps(done),
    begun: steps(entries.filter(({ event }) => event === 'begun')),
  };
}

/** True if production is still the champion or already the challenger, and the challenger still exists. */
async function isContinuable(
  { target, model, options }: Omit<RetrainRun, 'id'>,
  { state: { challenger, before } }: RunProgress,
): Promise<boolean> {
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  const production = aliases?.production;
  if (production !== before?.production && production !== challenger) return false;
  if (challenger === undefined) return true;
  return (
    existsSync(versionFolder(options.out, model, challenger)) || isStored(target.bucket, model, challenger)
  );
}
