/** The end of a run that has not begun. */
import { type BusyError, GateError, type InputError, InterruptedError } from '../../shared/errors.ts';
import { withAftermath } from './aftermath.ts';
import { nextAfter } from './again.ts';
import type { EndedRun, RetrainCall } from './call.ts';
import type { RunState } from './context.ts';
import { inForceInCopy, inForceOf } from './inForce.ts';
import { type Journal, type NewJournalEntry, type Outcome, openJournal } from './journal.ts';
import { origin } from './origin.ts';
import { reasonOf } from './reason.ts';
import type { Target } from './targets/target.ts';
import { notedIfLost } from './unrecorded.ts';

export interface NotBegun {
  /** Id of the run. */
  readonly id: string;
  readonly outcome: EndedRun['outcome'];
  readonly error: unknown;
  /** Advice that ends the message. Default: that of the error or, without one, to run again. */
  readonly next?: string;
  /** The entry of the run in the journal. */
  readonly entry: (reason: string, found: RunState, next: string) => NewJournalEntry;
  /** Default: it is opened. */
  readonly journal?: Journal | undefined;
}

/** Records why a run has not begun, and returns its error with what is in force. */
export async function notBegun(
  call: RetrainCall,
  { id, outcome, error, next = nextAfter(error, call.command), entry, journal }: NotBegun,
): Promise<unknown> {
  const { options, recipe, target, ended } = call;
  const model = options.name ?? recipe;
  const { aliases, text, isKnown, isRead } = await inForceOf(target, model);
  const reason = reasonOf(error);
  const recorded = entry(reason, { before: aliases ?? null }, next);
  const note = await missing(target, model, recorded, async () => {
    // A store that does not answer would only be waited for once more.
    if (!isRead) throw error;
    await (journal ?? (await openJournal(target.bucket, model))).append(recorded);
  });
  const after = { inForce: `${text}${isKnown ? ', as before this run' : ''}${note}`, undone: [], next };
  ended({
    ...{ run: id, outcome, model, challenger: null, reason },
    ...{ champion: aliases?.production ?? null, ...after },
  });
  return withAftermath(error, after);
}

/** Records a run, or notes it. Returns what to add to what is in force: nothing, unless both have failed. */
function missing(
  target: Target,
  model: string,
  entry: NewJournalEntry,
  recording: () => Promise<unknown>,
): Promise<string> {
  return notedIfLost(target, model, entry, recording).then(
    () => '',
    (failure: unknown) => `; the history lacks this run (${reasonOf(failure)})`,
  );
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
  const outcome = earlyOutcome(error);
  const entry = (reason: string, found: RunState, next: string) =>
    ({ run: id, event: 'ended', outcome, reason, details: { found, by: origin(), next } }) as const;
  return notBegun(call, { id, outcome, error, entry, journal });
}

/** Records that a run was refused because of another one. */
export function busy(call: RetrainCall, id: string, error: BusyError): Promise<unknown> {
  const next = `to wait up to ten minutes for the other run to end: ${call.command.line} --wait 600`;
  const entry = (reason: string) =>
    ({
      run: 'retrain',
      event: 'command',
      reason: `not run: ${reason}`,
      details: { by: origin() },
    }) as const;
  return notBegun(call, { id, outcome: 'busy', error, next, entry });
}

/** Adds what is left by a run that the store has answered nothing, as with a wrong key, and notes it for the history. */
export async function refusedAtStart(
  { command, ended, options, recipe, target }: RetrainCall,
  id: string,
  error: InputError,
): Promise<unknown> {
  const model = options.name ?? recipe;
  const [reason, next] = [reasonOf(error), nextAfter(error, command)];
  const details = { by: origin(), next };
  const entry = { run: id, event: 'ended', outcome: 'failed', reason, details } as const;
  const note = await missing(target, model, entry, () => Promise.reject(error));
  const copy = await inForceInCopy(target, model);
  const inForce = copy?.isKnown
    ? `${copy.text}, as before this run`
    : 'what was before this run; which version, the store does not tell';
  const after = { inForce: `${inForce}${note}`, undone: [], next };
  ended({
    ...{ run: id, outcome: 'failed', model, challenger: null, reason },
    ...{ champion: copy?.aliases?.production ?? null, ...after },
  });
  return withAftermath(error, after);
}
