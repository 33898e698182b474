/** Handling a killed run: the same run resumes it, any other undoes it. */
import { existsSync } from 'node:fs';
import { acceptCandidate, markCandidate, versionFolder } from '../cli/candidates.ts';
import { readAliases, shown } from './aliases.ts';
import { changedAfter, isPromotedByHand } from './commands.ts';
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
  const known = progressOf(entries);
  const differing = differences(entries[0]!.details?.identity as Identity, identity);
  const isSame = differing.length === 0;
  const command = changedAfter(journal.entries, entries[0]!);
  const progress = isSame && command === undefined ? await continued(run, known) : undefined;
  if (progress !== undefined) {
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
  const { id, state } = known;
  run.print(`undoing run ${id}, which was killed, instead of resuming it: ${why}`);
  const { target, model, print } = run;
  const isPromoted = await undo({ target, model, state, keepPromoted: true, print });
  const { challenger } = state;
  const isByHand = isPromoted && isPromotedByHand(journal.entries, entries[0]!, challenger!);
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  if (challenger !== undefined && isPromoted) await acceptCandidate(run.options.out, model, challenger);
  else if (challenger !== undefined)
    await markCandidate(run.options.out, model, challenger, { run: id, outcome: 'abandoned' });
  await journal.append({
    ...{ run: id, event: 'ended', outcome: isPromoted && !isByHand ? 'promoted' : 'abandoned' },
    reason: 'it was killed, and another run came next',
    // A command may have promoted another version than the one before this run, or that of the run itself.
    details: { killed: true, ...(aliases && { stays: aliases.production }) },
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

/** The steps whose effect on the aliases a run takes back when it is interrupted. */
const ROUTED: readonly StepName[] = ['canary', 'watch', 'promote', 'confirm'];

/**
 * The progress from which a run can go on, if production is still the champion or already the challenger, and the challenger
 * still exists; undefined otherwise.
 */
async function continued(
  { target, model, options }: Omit<RetrainRun, 'id'>,
  progress: RunProgress,
): Promise<RunProgress | undefined> {
  const { challenger, before } = progress.state;
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  const production = aliases?.production;
  if (production !== before?.production && production !== challenger) return undefined;
  if (challenger === undefined) return progress;
  const exists =
    existsSync(versionFolder(options.out, model, challenger)) ||
    (await isStored(target.bucket, model, challenger));
  if (!exists) return undefined;
  // Killed after it had taken back what these steps did: they are due again.
  const isTakenBack = shown(aliases) === shown(before ?? undefined);
  const done = [...progress.done].filter((step) => !(isTakenBack && ROUTED.includes(step)));
  return { ...progress, done: new Set(done) };
}
