/** A call of `retrain`, and how its run may end. */
import type { Aftermath } from './aftermath.ts';
import type { Given } from './again.ts';
import type { RetrainOptions } from './context.ts';
import type { Outcome } from './journal.ts';
import type { Target } from './targets/target.ts';

export interface Retrained {
  readonly run: string;
  readonly outcome: Outcome;
  readonly model: string;
  readonly champion: string | null;
  readonly challenger: string | null;
  /** Why a run that ended well promoted nothing. */
  readonly reason?: string;
}

/** A run that ended without a promotion. */
export interface EndedRun extends Omit<Retrained, 'outcome'>, Aftermath {
  /** `busy` if another run was in progress. */
  readonly outcome: Outcome | 'busy';
  readonly reason: string;
}

export interface RetrainCall {
  readonly recipe: string;
  readonly options: RetrainOptions;
  /** The command that the run is given by. */
  readonly command: Given;
  readonly target: Target;
  /** Seconds after which the lock of a dead run expires. */
  readonly lockSeconds: number;
  /** Seconds to wait for another run to end. */
  readonly wait: number;
  /** Ends the run, which is then undone. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** Receives the outcome of a run that fails or is refused, before its error is thrown. */
  readonly ended: (run: EndedRun) => void;
}
