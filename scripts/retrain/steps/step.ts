import type { Run, State } from '../context.ts';

export interface Step {
  readonly summary: string;
  /** Whether the run has it; without, it has. */
  readonly applies?: (run: Run, state: State) => boolean;
  /**
   * May have been begun before, by a run that was killed: it does what is left to do. Answers what it found out.
   * @throws {GateError} where the run is to end, and what it has done is to be undone.
   */
  readonly run: (run: Run, state: State) => Promise<Partial<State>>;
}
