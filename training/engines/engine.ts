/** What every engine is: something that runs a training program and can hand out its weights. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Input, Progress, Value, Variable, Weights } from '../graph/types.ts';
import type { StepOutput } from '../models/model.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';

/** A model ready to train: what a batch goes into, what a step computes, what changes and by which rule. */
export interface Program {
  /** float32 `[N, features]` */
  readonly rows: Input;
  readonly training: StepOutput;
  readonly evaluation: StepOutput;
  /** What gradients train. */
  readonly parameters: readonly Variable[];
  /** What a step changes otherwise, such as running statistics. */
  readonly updates: ReadonlyMap<Variable, Value>;
  readonly optimizer: Optimizer;
  /** Seed of the noise. */
  readonly seed: number;
}

/** Means over the batch's rows and features, in the units of the model's loss. */
export interface Losses {
  readonly loss: number;
  readonly reconstructionLoss: number;
  readonly regularisationLoss: number;
}

export interface TrainingSession {
  /** One line that says what runs: the library, its version, the backend and the threads. */
  readonly description: string;
  /**
   * Forward, backward and update for `steps` batches (1 by default), which lie one after the other in `rows` and are all of
   * one size; `progress` is that of the first. The losses are those before each update. A loss that is not finite
   * updates nothing and ends the steps: it is then the last of those answered.
   */
  readonly train: (rows: Matrix, progress: Progress, steps?: number) => Promise<readonly Losses[]>;
  /** How many batches of a size to hand to `train` at once, from 1, so that neither time nor memory is lost. */
  readonly stepsAtOnce: (batchSize: number) => number;
  /** The parameters' gradients for such a step, by parameter, as they are before clipping and decay; changes nothing. */
  readonly gradients: (batch: Matrix, progress: Progress) => Promise<Weights>;
  /** The losses of a batch; changes nothing. Models that sample draw other noise for another `index`. */
  readonly evaluate: (batch: Matrix, index: number) => Promise<Losses>;
  /** Copies of the parameters, and of what steps change otherwise, by name. */
  readonly weights: () => Promise<Weights>;
  /** Copies of everything that steps change, the optimizer's state included: what a resumed run needs. */
  readonly state: () => Promise<Weights>;
  /**
   * Continues from such a state of the same engine and program: the steps that follow are the same, bit by bit.
   * @throws {GraphError} when the names or the sizes are not those of this program's state.
   */
  readonly restore: (state: Weights) => Promise<void>;
  /** Frees native memory; the session cannot be used afterwards. */
  readonly dispose: () => Promise<void>;
}

export interface EngineOptions {
  /** Threads within one operator; the number of cores by default. */
  readonly threads?: number;
}

export type Engine = (program: Program, options: EngineOptions) => Promise<TrainingSession>;
