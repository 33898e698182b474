/** The end of a run whose target cannot be opened: its disk takes no writes, or its Worker no requests. */
import { StorageError } from '../../shared/errors.ts';
import { asStorageError } from '../../training/files.ts';
import { type Aftermath, withAftermath } from './aftermath.ts';
import { type Given, nextAfter } from './again.ts';
import { fileOf } from './changeByHand.ts';
import { inForceOf, notKnown } from './inForce.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { chosenModel } from './models.ts';
import { origin } from './origin.ts';
import { reasonOf } from './reason.ts';
import type { ReleaseName } from './release/registry.ts';
import { newRunId } from './runId.ts';
import { TARGETS, type TargetName } from './targets/registry.ts';
import { WorkerError } from './targets/requireWorker.ts';
import type { Target } from './targets/target.ts';
import { noteUnrecorded } from './unrecorded.ts';

export interface Unopened {
  readonly target: TargetName;
  readonly release: ReleaseName | undefined;
  readonly model: string;
  readonly command: Given;
  readonly print: (line: string) => void;
}

/** Records why a run has not begun, and returns its error with what is in force; any other error unchanged. */
export async function unopened(thrown: unknown, { target: name, release, model, command, print }: Unopened) {
  const error = name === 'local' ? asStorageError(thrown) : thrown;
  if (!(error instanceof StorageError || error instanceof WorkerError))
    return { error: thrown, after: undefined };
  const reason = reasonOf(error);
  const next = nextAfter(error, command);
  const entry = {
    ...{ run: newRunId(), event: 'ended', outcome: 'failed', reason, at: new Date().toISOString() },
    details: { by: origin(), next },
  } satisfies JournalEntry;
  // The store of this machine may be read from a copy, as it takes no writes: what is noted there would be lost.
  const noted = name === 'local' ? await missing(noteUnrecorded({ name }, model, entry)) : '';
  const inForce = await reading({ name, release, print }, async (target) => {
    const { text, isKnown } = await inForceOf(target, model);
    const recorded = name === 'local' ? '' : await missing(journalled(target, model, entry));
    return `${text}${isKnown ? ', as before this run' : ''}${recorded}`;
  }).catch((failure: unknown) => notKnown(reasonOf(failure)));
  const after: Aftermath = { inForce: `${inForce}${noted}`, undone: [], next };
  return { error: withAftermath(error, after), after };
}

/** Returns the error of a command whose disk takes no writes, with what is in force; any other error unchanged. */
export async function commandUnopened(
  thrown: unknown,
  { target: name, release, model: given, command, print }: Omit<Unopened, 'model'> & Partial<Unopened>,
): Promise<unknown> {
  const error = name === 'local' ? asStorageError(thrown) : thrown;
  if (!(error instanceof StorageError)) return thrown;
  const inForce = await reading({ name, release, print }, async (target) => {
    const model = await chosenModel(target, fileOf(target), given);
    return (await inForceOf(target, model)).text;
  }).catch((failure: unknown) => notKnown(reasonOf(failure)));
  return withAftermath(error, { inForce, undone: [], next: nextAfter(error, command) });
}

/** What to add if the history lacks the run; empty if it is recorded. */
function missing(recording: Promise<unknown>): Promise<string> {
  return recording.then(
    () => '',
    (failure: unknown) => `; the history lacks this run (${reasonOf(failure)})`,
  );
}

async function journalled({ bucket }: Target, model: string, entry: JournalEntry): Promise<void> {
  await (await openJournal(bucket, model)).append(entry);
}

interface Reading extends Pick<Unopened, 'release' | 'print'> {
  readonly name: TargetName;
}

async function reading<T>(
  { name, release, print }: Reading,
  read: (target: Target) => Promise<T>,
): Promise<T> {
  const target = await TARGETS[name].open({
    ...{ url: undefined, release, replaceCode: false, dryRun: false, serves: false, reads: true },
    print,
  });
  try {
    return await read(target);
  } finally {
    await target.close();
  }
}
