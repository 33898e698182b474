/** What every autoencoder variant is, so that one trainer and one exporter serve all. */
import type * as z from 'zod';
import type { HeadName } from '../../shared/manifest.ts';
import type { AnyRows } from '../data/batches.ts';
import type { Input, Value, Weights } from '../graph/types.ts';
import type { Context } from '../layers/layer.ts';

/** What a training step computes; every value but `reconstruction` and `code` is a float32 scalar. */
export interface StepOutput {
  /** What is minimised: reconstruction loss + regularisation loss. */
  readonly loss: Value;
  readonly reconstructionLoss: Value;
  readonly regularisationLoss: Value;
  /** `[N, target width]`, in the units of the input. */
  readonly reconstruction: Value;
  /** `[N, codeSize]` */
  readonly code: Value;
  /** What a variant's diagnostics need besides. */
  readonly extra?: Readonly<Record<string, Value>>;
}

export interface Autoencoder {
  readonly codeSize: number;
  /** Standard name of the reconstruction loss, for metrics. */
  readonly lossName: string;
  /** The values that rows may have for the loss to mean anything, any by default. */
  readonly targetRange?: readonly [number, number];
  /** Whether rows may hold NaN, for values that are missing: no loss and no error counts them. */
  readonly missing?: boolean;
  /** Rows `[N, features]` to code `[N, codeSize]`, as exported: no noise, no sampling. */
  readonly encode: (rows: Value) => Value;
  /** The columns of the rows that are reconstructed, `[N, target width]`; all of them where not given. */
  readonly target?: (rows: Value) => Value;
  /** Whether rows are windows of a sequence, `[steps]` or `[steps, channels]`. */
  readonly sequential?: boolean;
  /** What is seen in place of the rows while training, for models that are trained on corrupted ones. */
  readonly corrupt?: (rows: Value, context: Context) => Value;
  /** What the decoder takes beside the code, for models that decode under a condition. */
  readonly condition?: Condition;
  /** Code `[N, codeSize]` to reconstruction `[N, target width]`, as exported; with the model's condition, if any. */
  readonly decode: (code: Value, condition?: Value) => Value;
  /** The step's outputs for a batch of rows, in the context of training or of evaluation. */
  readonly step: (rows: Value, context: Context) => StepOutput;
  /** What the encoder graph answers, the code first; `{ code }` where not given. */
  readonly encoderOutputs?: (rows: Value) => Readonly<Record<string, Value>>;
  /**
   * For models whose code is made of choices: the scores `[n N, choices]` of which each takes the highest, `n` choices a
   * row, in order. Runtimes that round differently may choose differently between the nearly equal.
   */
  readonly scores?: (rows: Value) => Value;
  readonly diagnostics?: Diagnostics;
  /** Fitted after training, and exported as the graph `predict`. */
  readonly prediction?: Prediction;
  /** Fitted after training, and exported as the graph `reduce`. */
  readonly reduction?: Reduction;
  /** Fitted after training: what rows are judged by in place of their error. */
  readonly scoring?: Scoring;
  /** Graphs that the artifact has beside encoder, decoder and autoencoder. */
  readonly heads?: Partial<Readonly<Record<HeadName, Head>>>;
}

/** A part of whole rows that is given when decoding, such as a one-hot label. */
export interface Condition {
  readonly size: number;
  /** Rows `[N, features]` to condition `[N, size]`. */
  readonly of: (rows: Value) => Value;
}

export interface Prediction {
  /** Name of what is predicted. */
  readonly target: string;
  /** Where the predictions are their probabilities. */
  readonly classes?: readonly string[];
  /** Code `[N, codeSize]` to prediction: `[N, 1]`, in the units of the target, or `[N, classes]`. */
  readonly of: (code: Value) => Value;
  /** How wide the range of the target is: a difference is small or large against this, wherever its 0 lies. */
  readonly span: number;
}

/** Code `[N, codeSize]` to `coordinates_2d [N, 2]` and, of codes of three numbers or more, `coordinates_3d [N, 3]`. */
export type Reduction = (code: Value) => Readonly<Record<string, Value>>;

/** What is reconstructed and its reconstruction to scores `[N, target width]`: at least 0, and high where a value is unusual. */
export type Scoring = (target: Value, reconstruction: Value) => Value;

/** A graph of its own, for an operation that only some models offer. */
export interface Head {
  readonly inputs: readonly Input[];
  /** Something for each input made of whole rows `[N, features]`, of the input's type: parity is measured on it. */
  readonly inputsOf: (rows: Value) => readonly Value[];
  readonly outputs: Readonly<Record<string, Value>>;
  /** By int64 output whose entries are in descending order of a float32 output: that output's name. */
  readonly rankedBy?: Readonly<Record<string, string>>;
}

/** Figures about a variant beside its losses, measured on the test rows. */
export interface Diagnostics {
  /** Scalars or vectors of a batch, to be averaged over the batches. */
  readonly values: (step: StepOutput) => Readonly<Record<string, Value>>;
  /** Metrics by standard name, from those averages. */
  readonly summarise: (means: Readonly<Record<string, Float32Array>>) => Readonly<Record<string, number>>;
}

/** One file per variant exports one of these, and the registry lists it. */
export interface Variant<Schema extends z.ZodType = z.ZodType> {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  /** The variant's hyperparameters: their defaults, bounds, and (`describe`, before the default) what they are. */
  readonly config: Schema;
  /**
   * Builds the model with freshly initialised weights; the same seed gives the same weights. `rowShape`, `[features]`
   * by default, is for variants that know more than one axis: images are `[height, width]` or `[height, width, channels]`.
   */
  readonly build: (
    config: z.output<Schema>,
    features: number,
    seed: number,
    rowShape?: readonly number[],
  ) => Autoencoder;
  /**
   * Weights that follow from the training rows, for all of the model's variables, to start from in place of random ones; undefined
   * where settings do not ask for them, or there are none for such a model or such rows.
   */
  readonly start?: (config: z.output<Schema>, rows: AnyRows) => Weights | undefined;
}
