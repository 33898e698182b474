/** The end of a run that has not begun. */
import { type BusyError, GateError, type InputError, InterruptedError } from '../../shared/errors.ts';
import { withAftermath } from './aftermath.ts';
import { nextAfter } from './again.ts';
import type { EndedRun, RetrainCall } from './call.ts';
import type { RunState } from './context.ts';
import { inForceOf } from './inForce.ts';
import { type Journal, type Outcome, openJournal } from './journal.ts';
import { origin } from './origin.ts';
import { reasonOf } from './reason.ts';
import { notedIfLost } from './unrecorded.ts';

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
  { id, outcome, error, next = nextAfter(error, call.command), record }: NotBegun,
): Promise<unknown> {
  const { options, recipe, target, ended } = call;
  const model = options.name ?? recipe;
  const { aliases, text, isKnown, isRead } = await inForceOf(target, model);
  const reason = reasonOf(error);
  // A store that does not answer would only be waited for once more.
  const recorded = isRead ? record(reason, { before: aliases ?? null }, next) : Promise.reject(error);
  const note = await recorded.then(
    () => '',
    (failure: unknown) => `; the history lacks this run${isRead ? ` (${reasonOf(failure)})` : ''}`,
  );
  const after = { inForce: `${text}${isKnown ? ', as before this run' : ''}${note}`, undone: [], next };
  ended({
    ...{ run: id, outcome, model, challenger: null, reason },
    ...{ champion: aliases?.production ?? null, ...after },
  });
  return withAftermath(error, after);
}

/** The outcome of a run that has published nothing. */
export function earlyOutcome(error: unknown): Outcome {
  if (error instanceof InterruptedError) return 'abandoned';
  return error instanceof GateError ? 'refused' : 'failed';
}

/** Records why a run could not read its data, or not begin. @param journal Undefined if it could not be opened. */
export function endedEarly(
  call: RetrainCall,
  id: string,
  journal: Journal | undefined,
  error: unknown,
): Promise<unknown> {
  const { recipe, options, target } = call;
  const model = options.name ?? recipe;
  const outcome = earlyOutcome(error);
  const record = async (reason: string, found: RunState, next: string) => {
    const entry = {
      run: id,
      event: 'ended',
      outcome,
      reason,
      details: { found, by: origin(), next },
    } as const;
    const recording = async () => (journal ?? (await openJournal(target.bucket, model))).append(entry);
    await notedIfLost(target, model, entry, recording);
  };
  return notBegun(call, { id, outcome, error, record });
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
export function refusedAtStart(
  { command, ended, options, recipe }: RetrainCall,
  id: string,
  error: InputError,
): unknown {
  const after = {
    inForce: 'what was before this run; which version, the store does not tell',
    undone: [],
    next: nextAfter(error, command),
  };
  const model = options.name ?? recipe;
  ended({
    ...{ run: id, outcome: 'failed', model, champion: null, challenger: null, reason: reasonOf(error) },
    ...after,
  });
  return withAftermath(error, after);
}
