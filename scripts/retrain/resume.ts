/** What a run that was killed has left: continued by the same run, undone by any other. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readAliases } from './aliases.ts';
import type { Run, State } from './context.ts';
import { type Entry, type Journal, unfinishedRun } from './journal.ts';
import type { StepName } from './steps/registry.ts';
import { isStored } from './stored.ts';
import { undo } from './undo.ts';

/** Where a run stands. */
export interface Progress {
  readonly id: string;
  readonly state: State;
  readonly done: ReadonlySet<StepName>;
}

/**
 * The progress of a killed run that was the same as this one; otherwise undefined, and nothing of a killed run is left.
 * @param identity All that decides what a run does, as JSON.
 */
export async function resume(
  run: Omit<Run, 'id'>,
  journal: Journal,
  identity: Readonly<Record<string, unknown>>,
): Promise<Progress | undefined> {
  const entries = unfinishedRun(journal.entries);
  if (entries === undefined) return undefined;
  const progress = progressOf(entries);
  if (isDeepStrictEqual(entries[0]!.details?.identity, identity) && (await isContinuable(run, progress))) {
    run.print(
      `continuing run ${progress.id}, which was killed after: ${[...progress.done].join(', ') || 'nothing'}`,
    );
    return progress;
  }
  run.print(`undoing run ${progress.id}, which was killed`);
  const { target, model, print } = run;
  const isPromoted = await undo({ target, model, state: progress.state, keepPromoted: true, print });
  await journal.append({
    ...{ run: progress.id, event: 'ended', outcome: isPromoted ? 'promoted' : 'abandoned' },
    reason: 'it was killed, and another run came next',
  });
  return undefined;
}

function progressOf(entries: readonly Entry[]): Progress {
  const done = entries.filter(({ event }) => event === 'done');
  const found = [entries[0]!, ...done].map(({ details }) => details?.found ?? {});
  return {
    id: entries[0]!.run,
    state: Object.assign({}, ...found) as State,
    done: new Set(done.map(({ step }) => step as StepName)),
  };
}

/** Whether production is what it was or what the run made of it, and the challenger is still there. */
async function isContinuable(
  { target, model, options }: Omit<Run, 'id'>,
  { state: { challenger, before } }: Progress,
): Promise<boolean> {
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  const production = aliases?.production;
  if (production !== before?.production && production !== challenger) return false;
  if (challenger === undefined) return true;
  return existsSync(join(options.out, model, challenger)) || isStored(target.bucket, model, challenger);
}
