/** The common part of autoencoders whose code is a deterministic function of the row. */
import { add, mul } from '../graph/ops/arithmetic.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { type Context, evaluationContext, type Layer } from '../layers/layer.ts';
import {
  meanLoss,
  type NamedLoss,
  RECONSTRUCTION_LOSSES,
  type ReconstructionLossName,
} from '../objectives/reconstruction.ts';
import { filled, UNWEIGHTED, valueWeights, type Weighting } from '../objectives/weighting.ts';
import type { Autoencoder, Diagnostics } from './model.ts';

export interface DeterministicParts {
  readonly codeSize: number;
  readonly encoder: Layer;
  /** Maps the code to a linear output, from which the loss computes the reconstruction. */
  readonly decoder: Layer;
  /** Name of a loss, or a custom loss. */
  readonly loss: ReconstructionLossName | NamedLoss;
  /** Weights of features, and how missing values are treated; none by default. */
  readonly weighting?: Weighting;
  /** Returns the columns of the rows that are reconstructed; all columns by default. */
  readonly target?: (rows: Value) => Value;
  /** Corrupts the input of the encoder in training. The target is the original row. */
  readonly corrupt?: (rows: Value, context: Context) => Value;
  /** A scalar that is added to the loss with a weight. */
  readonly penalty?: { readonly weight: number; readonly of: (code: Value, rows: Value) => Value };
  readonly diagnostics?: Diagnostics;
}

/** Builds an autoencoder from an encoder, a decoder and an optional penalty. */
export function deterministic(parts: DeterministicParts): Autoencoder {
  const {
    codeSize,
    encoder,
    decoder,
    loss,
    weighting = UNWEIGHTED,
    target,
    corrupt,
    penalty,
    diagnostics,
  } = parts;
  const objective = typeof loss === 'string' ? { name: loss, ...RECONSTRUCTION_LOSSES[loss] } : loss;
  const ofTarget = (rows: Value) => (target === undefined ? rows : target(rows));
  return {
    codeSize,
    lossName: objective.name,
    ...(objective.targetRange === undefined ? {} : { targetRange: objective.targetRange }),
    missing: weighting.missing === 'mask',
    ...(target === undefined ? {} : { target }),
    ...(corrupt && { corrupt: (rows, context) => corrupt(filled(rows, weighting), context) }),
    encode: (rows) => encoder(filled(rows, weighting), evaluationContext()),
    decode: (code) => objective.reconstruct(decoder(code, evaluationContext())),
    step: (rows, context) => {
      const clean = filled(rows, weighting);
      const seen = context.training && corrupt !== undefined ? corrupt(clean, context) : clean;
      const code = encoder(seen, context);
      const output = decoder(code, context);
      const reconstructionLoss = meanLoss(
        objective,
        output,
        ofTarget(clean),
        valueWeights(ofTarget(rows), weighting),
      );
      const regularisationLoss =
        penalty === undefined ? scalar(0) : mul(scalar(penalty.weight), penalty.of(code, seen));
      return {
        loss: penalty === undefined ? reconstructionLoss : add(reconstructionLoss, regularisationLoss),
        reconstructionLoss,
        regularisationLoss,
        reconstruction: objective.reconstruct(output),
        code,
      };
    },
    ...(diagnostics === undefined ? {} : { diagnostics }),
  };
}
