/** The interface of autoencoder variants, which lets one trainer and one exporter serve them all. */
import type * as z from 'zod';
import type { HeadName } from '../../shared/manifest.ts';
import type { AnyRows } from '../data/batches.ts';
import type { Input, Value, Weights } from '../graph/types.ts';
import type { Context } from '../layers/layer.ts';

/** Outputs of a training step. The losses are float32 scalars. */
export interface StepOutput {
  /** The minimised value: reconstruction loss + regularisation loss. */
  readonly loss: Value;
  readonly reconstructionLoss: Value;
  readonly regularisationLoss: Value;
  /** `[N, target width]`, in the units of the input. */
  readonly reconstruction: Value;
  /** `[N, codeSize]` */
  readonly code: Value;
  /** Additional values for the variant's diagnostics. */
  readonly extra?: Readonly<Record<string, Value>>;
}

export interface Autoencoder {
  readonly codeSize: number;
  /** Standard name of the reconstruction loss, for metrics. */
  readonly lossName: string;
  /** Range of row values for which the loss is defined; unlimited by default. */
  readonly targetRange?: readonly [number, number];
  /** True if rows may contain NaN for missing values, which losses and errors ignore. */
  readonly missing?: boolean;
  /** Maps rows `[N, features]` to the code `[N, codeSize]`, as exported: without noise or sampling. */
  readonly encode: (rows: Value) => Value;
  /** Returns the columns of the rows that are reconstructed, `[N, target width]`; all columns by default. */
  readonly target?: (rows: Value) => Value;
  /** True if rows are windows of a sequence, `[steps]` or `[steps, channels]`. */
  readonly sequential?: boolean;
  /** Corrupts rows, for models that are trained on corrupted rows. */
  readonly corrupt?: (rows: Value, context: Context) => Value;
  /** The input of the decoder in addition to the code, for conditional models. */
  readonly condition?: DecoderCondition;
  /**
   * Maps the code `[N, codeSize]`, and the condition if any, to the reconstruction `[N, target width]`, as
   * exported.
   */
  readonly decode: (code: Value, condition?: Value) => Value;
  /** Computes the outputs of a step for rows `[N, features]`, in the context of training or evaluation. */
  readonly step: (rows: Value, context: Context) => StepOutput;
  /** Returns the outputs of the encoder graph, the code first; `{ code }` by default. */
  readonly encoderOutputs?: (rows: Value) => Readonly<Record<string, Value>>;
  /**
   * Returns the scores `[n N, options]` of models with a discrete code, which makes `n` choices per row and
   * takes the option with the highest score for each. Runtimes that round differently may choose differently
   * among close scores.
   */
  readonly scores?: (rows: Value) => Value;
  readonly diagnostics?: Diagnostics;
  /**
   * Components of the PCA that the model is compared with: the values that a code holds. Default: `codeSize`.
   */
  readonly pcaComponents?: number;
  /** True if few units of a code are active, and the others are exactly 0. */
  readonly hasUnits?: boolean;
  /** Set if codes are made to stand for rows in a search by cosine similarity. */
  readonly searched?: SearchedCode;
  /** Fitted after training, and exported as the graph `predict`. */
  readonly prediction?: FittedPrediction;
  /** Fitted after training, and exported as the graph `reduce`. */
  readonly reduction?: Reduction;
  /** Fitted after training: scores rows in place of their reconstruction error. */
  readonly scoring?: Scoring;
  /**
   * Values that depend on a weight alone, of its shape, by its name. If the weight has this value, the model computes the
   * same: training can go on from it where exported graphs hold nothing else.
   */
  readonly standIns?: Readonly<Record<string, Value>>;
  /** Graphs of the artifact in addition to encoder, decoder and autoencoder. */
  readonly heads?: Partial<Readonly<Record<HeadName, Head>>>;
}

/** Codes for a search by cosine similarity. */
export interface SearchedCode {
  /** Numbers of leading values that are codes of their own, ascending; the last is the code size. */
  readonly dimensions: readonly number[];
}

/** A part of the rows that is an input of the decoder, such as a one-hot label. */
export interface DecoderCondition {
  readonly size: number;
  /** Returns the condition `[N, size]` of rows `[N, features]`. */
  readonly of: (rows: Value) => Value;
}

/** A predictor on the code, fitted after training. */
export interface FittedPrediction {
  /** Name of the predicted column. */
  readonly target: string;
  /** Names of the classes, if predictions are their probabilities. */
  readonly classes?: readonly string[];
  /** Maps the code `[N, codeSize]` to predictions: `[N, 1]` in the units of the target, or `[N, classes]`. */
  readonly of: (code: Value) => Value;
  /** Width of the range of the target, the scale for judging differences. */
  readonly span: number;
}

/**
 * Maps the code `[N, codeSize]` to `coordinates_2d [N, 2]` and, if `codeSize` is at least 3,
 * `coordinates_3d [N, 3]`.
 */
export type Reduction = (code: Value) => Readonly<Record<string, Value>>;

/** A fitted anomaly score, from the target and its reconstruction, both `[N, target width]`. */
export interface Scoring {
  readonly of: (target: Value, reconstruction: Value) => RowScores;
  /** The scores that `of` joins, by name, each `[N]`; absent if it joins none. */
  readonly members?: (target: Value, reconstruction: Value) => Readonly<Record<string, Value>>;
}

/** Scores of rows and of their values: at least 0, high for unusual ones. */
export interface RowScores {
  /** `[N]` */
  readonly score: Value;
  /** `[N, target width]`: the part of each value in the score, on any scale. */
  readonly features: Value;
}

/** A separate graph for an operation that only some models offer. */
export interface Head {
  readonly inputs: readonly Input[];
  /**
   * Derives example inputs from rows `[N, features]`, one for each input and of its type, to measure parity.
   */
  readonly inputsOf: (rows: Value) => readonly Value[];
  readonly outputs: Readonly<Record<string, Value>>;
  /** Maps the name of an int64 output to the name of the float32 output whose descending order ranks it. */
  readonly rankedBy?: Readonly<Record<string, string>>;
}

/** Figures of a variant in addition to its losses, measured on the test rows. */
export interface Diagnostics {
  /** Returns scalars or vectors of a batch, which are averaged over the batches. */
  readonly values: (step: StepOutput) => Readonly<Record<string, Value>>;
  /** Computes metrics, by standard name, from the averages. */
  readonly summarise: (means: Readonly<Record<string, Float32Array>>) => Readonly<Record<string, number>>;
}

/** An autoencoder variant. One file per variant exports one of these. */
export interface Variant<Schema extends z.ZodType = z.ZodType> {
  /** One line for the documentation. */
  readonly summary: string;
  /**
   * The hyperparameters with their defaults and bounds, and descriptions for the documentation (before the
   * default).
   */
  readonly config: Schema;
  /**
   * Builds the model with initial weights, which depend only on the seed and the configuration. `rowShape`,
   * `[features]` by default, is for variants that use several axes: images are `[height, width]` or
   * `[height, width, channels]`.
   */
  build(config: z.output<Schema>, features: number, seed: number, rowShape?: readonly number[]): Autoencoder;
  /**
   * Computes initial weights from the training rows, in place of random weights; variables that are left out keep
   * theirs. Undefined if the settings do not request them, or no such weights exist for the model or the rows.
   */
  start?(
    config: z.output<Schema>,
    rows: AnyRows,
    tools: StartTools,
  ): Weights | undefined | Promise<Weights | undefined>;
}

/** Estimators that initial weights may be computed with. */
export interface StartTools {
  /**
   * Returns the first `count` right singular vectors of the rows, those of the largest singular values first:
   * orthonormal columns, row-major `[features, count]`. `count` is at most the number of features.
   */
  readonly singularVectors: (rows: AnyRows, count: number) => Promise<Float32Array>;
}
