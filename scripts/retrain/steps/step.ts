import type { RetrainRun, RunState } from '../context.ts';

export interface RetrainStep {
  readonly summary: string;
  /** Returns true if the run includes the step. Default: it does. */
  readonly applies?: (run: RetrainRun, state: RunState) => boolean;
  /**
   * Runs the step and returns its results. A killed run may have begun it: it must then finish the remaining
   * work.
   * @throws {GateError} to end the run and undo it.
   */
  readonly run: (run: RetrainRun, state: RunState) => Promise<Partial<RunState>>;
}
