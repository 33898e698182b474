/** The end of a run that has not begun. */
import { nextOf } from '../../shared/errors.ts';
import { aftermathOf, withAftermath } from './aftermath.ts';
import { onceSettled } from './again.ts';
import { readAliases } from './aliases.ts';
import type { EndedRun, RetrainCall } from './call.ts';
import type { RunState } from './context.ts';
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
