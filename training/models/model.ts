/** What every autoencoder variant is, so that one trainer and one exporter serve all. */
import type * as z from 'zod';
import type { HeadName } from '../../shared/manifest.ts';
import type { Input, Value } from '../graph/types.ts';
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
  /** Rows `[N, features]` to code `[N, codeSize]`, as exported: no noise, no sampling. */
  readonly encode: (rows: Value) => Value;
  /** The columns of the rows that are reconstructed, `[N, target width]`; all of them where not given. */
  readonly target?: (rows: Value) => Value;
  /** Code `[N, codeSize]` to reconstruction `[N, target width]`, as exported. */
  readonly decode: (code: Value) => Value;
  /** The step's outputs for a batch of rows, in the context of training or of evaluation. */
  readonly step: (rows: Value, context: Context) => StepOutput;
  /** What the encoder graph answers, the code first; `{ code }` where not given. */
  readonly encoderOutputs?: (rows: Value) => Readonly<Record<string, Value>>;
  readonly diagnostics?: Diagnostics;
  /** Graphs that the artifact has beside encoder, decoder and autoencoder. */
  readonly heads?: Partial<Readonly<Record<HeadName, Head>>>;
}

/** A graph of its own, for an operation that only some models offer. */
export interface Head {
  readonly input: Input;
  /** The part of whole rows `[N, features]` that this input takes, of the input's shape. */
  readonly inputOf: (rows: Value) => Value;
  readonly outputs: Readonly<Record<string, Value>>;
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
}
