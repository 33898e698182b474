/** The end of a run on this machine whose disk takes no writes, so that neither a Worker nor a run can begin. */
import { StorageError } from '../../shared/errors.ts';
import { asStorageError } from '../../training/files.ts';
import type { Aftermath } from './aftermath.ts';
import { withAftermath } from './aftermath.ts';
import { type Given, onceSettled } from './again.ts';
import { readAliases, shown } from './aliases.ts';
import { origin } from './origin.ts';
import { reasonOf } from './reason.ts';
import { newRunId } from './runId.ts';
import { localTarget } from './targets/local.ts';
import { noteUnrecorded } from './unrecorded.ts';

export interface Unopened {
  readonly model: string;
  readonly command: Given;
  readonly print: (line: string) => void;
}

/** Notes why a run has not begun, and returns its error with what is in force; any other error unchanged. */
export async function unopened(thrown: unknown, { model, command, print }: Unopened) {
  const error = asStorageError(thrown);
  if (!(error instanceof StorageError)) return { error: thrown, after: undefined };
  const reason = reasonOf(error);
  const next = onceSettled(command);
  const entry = { run: newRunId(), event: 'ended', outcome: 'failed', reason } as const;
  const note = await noteUnrecorded({ name: 'local' }, model, {
    ...entry,
    details: { by: origin(), next },
  }).then(
    () => '',
    (failure: unknown) => `; the history lacks this run (${reasonOf(failure)})`,
  );
  const inForce = await inForceHere(model, print).catch(
    (failure: unknown) => `what was before, which cannot be read (${reasonOf(failure)})`,
  );
  const after: Aftermath = { inForce: `${inForce}${note}`, undone: [], next };
  return { error: withAftermath(error, after), after };
}

async function inForceHere(model: string, print: (line: string) => void): Promise<string> {
  const target = await localTarget({
    ...{ url: undefined, release: undefined, replaceCode: false, dryRun: false, serves: false, reads: true },
    print,
  });
  try {
    const { aliases } = await readAliases(target.bucket, target.release.key(model));
    return `${aliases === undefined ? `no version of ${model}` : shown(aliases)}, as before this run`;
  } finally {
    await target.close();
  }
}
