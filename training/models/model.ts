/** What every autoencoder variant is, so that one trainer and one exporter serve all. */
import type * as z from 'zod';
import type { Value } from '../graph/types.ts';
import type { Context } from '../layers/layer.ts';

/** What a training step computes; every value but `reconstruction` and `code` is a float32 scalar. */
export interface StepOutput {
  /** What is minimised: reconstruction loss + regularisation loss. */
  readonly loss: Value;
  readonly reconstructionLoss: Value;
  readonly regularisationLoss: Value;
  /** `[N, features]`, in the units of the input. */
  readonly reconstruction: Value;
  /** `[N, codeSize]` */
  readonly code: Value;
}

export interface Autoencoder {
  readonly codeSize: number;
  /** Rows `[N, features]` to code `[N, codeSize]`, as exported: no noise, no sampling. */
  readonly encode: (rows: Value) => Value;
  /** Code `[N, codeSize]` to reconstruction `[N, features]`, as exported. */
  readonly decode: (code: Value) => Value;
  /** The step's outputs for a batch of rows, in the context of training or of evaluation. */
  readonly step: (rows: Value, context: Context) => StepOutput;
}

/** One file per variant exports one of these, and the registry lists it. */
export interface Variant<Schema extends z.ZodType = z.ZodType> {
  /** Defaults and bounds of the variant's hyperparameters. */
  readonly config: Schema;
  /** Builds the model with freshly initialised weights; the same seed gives the same weights. */
  readonly build: (config: z.output<Schema>, features: number, seed: number) => Autoencoder;
}
