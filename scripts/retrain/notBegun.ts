/** The end of a run that has not begun. */
import { type BusyError, type InputError, nextOf } from '../../shared/errors.ts';
import { aftermathOf, withAftermath } from './aftermath.ts';
import { onceSettled } from './again.ts';
import { readAliases } from './aliases.ts';
import type { EndedRun, RetrainCall } from './call.ts';
import type { RunState } from './context.ts';
import { openJournal } from './journal.ts';
import { origin } from './origin.ts';
import { reasonOf } from './reason.ts';

export interface NotBegun {
  /** Id of the run. */
  readonly id: string;
  readonly outcome: EndedRun['outcome'];
  readonly error: unknown;
  /** Advice that ends the message. Default: that of the error or, without one, to run again. */
  readonly next?: string;
  /** Records the run in the journal. */
  readonly record: (reason: string, state: RunState, next: string) => Promise<unknown>;
}

/** Records why a run has not begun, and returns its error with what is in force. */
export async function notBegun(
  call: RetrainCall,
  { id, outcome, error, next = nextOf(error) ?? onceSettled(call.command), record }: NotBegun,
): Promise<unknown> {
  const { options, recipe, target, ended } = call;
  const model = options.name ?? recipe;
  const known = await readAliases(target.bucket, target.release.key(model)).catch(() => undefined);
  // Of damaged aliases, or a store that fails, nobody can tell what is in force; the error names what helps.
  if (known === undefined) return error;
  const reason = reasonOf(error);
  const state: RunState = { before: known.aliases ?? null };
  const after = await aftermathOf({
    ...{ target, model, state, hasChanged: false, next },
    record: () => record(reason, state, next),
  });
  ended({
    ...{ run: id, outcome, model, challenger: null, reason },
    ...{ champion: known.aliases?.production ?? null, ...after },
  });
  return withAftermath(error, after);
}

/** Records that a run was refused because of another one. */
export function busy(call: RetrainCall, id: string, error: BusyError): Promise<unknown> {
  const { recipe, options, target } = call;
  const next = `to wait up to ten minutes for the other run to end: ${call.command.line} --wait 600`;
  const record = async (reason: string) => {
    const journal = await openJournal(target.bucket, options.name ?? recipe);
    const details = { by: origin() };
    await journal.append({ run: 'retrain', event: 'command', reason: `not run: ${reason}`, details });
  };
  return notBegun(call, { id, outcome: 'busy', error, next, record });
}

/** Adds what is left by a run that the store has answered nothing, as with a wrong key. */
export function refusedAtStart({ command }: RetrainCall, error: InputError): unknown {
  return withAftermath(error, {
    inForce: 'what was before this run; which version, the store does not tell',
    undone: [],
    next: nextOf(error) ?? onceSettled(command),
  });
}
