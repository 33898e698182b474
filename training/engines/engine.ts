/** The interface of engines, which run training programs and return their weights. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Input, Progress, Value, Variable, Weights } from '../graph/types.ts';
import type { StepOutput } from '../models/model.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';

/**
 * A model ready to train: its input, the outputs of a step, the variables that change and their update rule.
 */
export interface Program {
  /** float32 `[N, features]` */
  readonly rows: Input;
  readonly training: StepOutput;
  readonly evaluation: StepOutput;
  /** Variables trained by gradients. */
  readonly parameters: readonly Variable[];
  /** Other variables that a step changes, such as running statistics, with their new values. */
  readonly updates: ReadonlyMap<Variable, Value>;
  readonly optimizer: Optimizer;
  /** Seed of the noise inputs. */
  readonly seed: number;
}

/** Means over the batch's rows and features, in the units of the model's loss. */
export interface Losses {
  readonly loss: number;
  readonly reconstructionLoss: number;
  readonly regularisationLoss: number;
}

export interface TrainingSession {
  /** One line: the library, its version, the backend and the number of threads. */
  readonly description: string;
  /**
   * Runs forward, backward and update for `steps` batches (1 by default) of equal size, concatenated in
   * `rows`; `progress` is that of the first. Returns the loss of each batch before its update. A loss that is
   * not finite updates nothing and ends the call: it is then the last one returned.
   */
  readonly train: (rows: Matrix, progress: Progress, steps?: number) => Promise<readonly Losses[]>;
  /** Number of batches, at least 1, to pass to one `train` call: a trade-off between overhead and memory. */
  readonly stepsAtOnce: (batchSize: number) => number;
  /** The gradients of one step by parameter name, before clipping and decay; changes nothing. */
  readonly gradients: (batch: Matrix, progress: Progress) => Promise<Weights>;
  /** The losses of a batch; changes nothing. `index` selects the noise of models that sample. */
  readonly evaluate: (batch: Matrix, index: number) => Promise<Losses>;
  /** Copies of the parameters and of the other variables that steps change, by name. */
  readonly weights: () => Promise<Weights>;
  /** Copies of everything that steps change, including the optimizer's state, as a resumed run needs it. */
  readonly state: () => Promise<Weights>;
  /**
   * Continues from a state of the same engine and program; the steps that follow are bit-identical.
   * @throws {GraphError} if a name or size does not match this program's state.
   */
  readonly restore: (state: Weights) => Promise<void>;
  /** Frees native memory; the session cannot be used afterwards. */
  readonly dispose: () => Promise<void>;
}

export interface EngineOptions {
  /** Threads within one operator; the number of cores by default. */
  readonly threads?: number;
  /** Start of a file's path, to which onnxruntime's profiler adds the time; written when the session is disposed of. */
  readonly profile?: string;
}

export type Engine = (program: Program, options: EngineOptions) => Promise<TrainingSession>;
