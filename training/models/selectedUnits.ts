/**
 * Codes that keep only their most active units, of each row (Makhzani & Frey, 2014; Gao et al., 2024) or of a batch
 * (Bussmann et al., 2024).
 */
import { relu } from '../graph/ops/activations.ts';
import { add, mul, neg, sub } from '../graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../graph/ops/broadcast.ts';
import { concat, zerosLike } from '../graph/ops/concat.ts';
import { gather } from '../graph/ops/gather.ts';
import { stopGradient } from '../graph/ops/identity.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { elementCount, toInt64 } from '../graph/ops/shape.ts';
import { step } from '../graph/ops/step.ts';
import { topK } from '../graph/ops/topK.ts';
import type { Value } from '../graph/types.ts';
import { int64s, scalar, variable } from '../graph/value.ts';
import { type Context, evaluationContext } from '../layers/layer.ts';
import { meanLoss, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { filled, valueWeights, type Weighting } from '../objectives/weighting.ts';
import { type DeterministicParts, deterministic } from './deterministic.ts';
import type { Autoencoder } from './model.ts';

/**
 * Returns the least activation that is kept, `[N, 1]` or a scalar, for activations of at least 0, `[N, codeSize]`.
 */
export type LeastKept = (activations: Value, context: Context) => Value;

/** What decides which units are kept. */
export interface Selection {
  readonly least: LeastKept;
  /** True if, outside training, the least activation is the same for all rows. */
  readonly isFixed: boolean;
  /** Terms of a training step that teach the selection, from pre-activations `[N, codeSize]` and rows. */
  readonly learning?: (before: Value, rows: Value) => Learning;
}

interface Learning {
  /** Added to the kept activations: 0, with a gradient. */
  readonly passed: Value;
  /** Added to the loss: a scalar. */
  readonly penalty: Value;
}

/** Keeps `count` units of each row. */
export function unitsOfRow(count: number): Selection {
  return { least: leastOfRow(count), isFixed: false };
}

function leastOfRow(count: number): LeastKept {
  return (activations) => gather(topK(activations, int64s([count])).values, int64s([count - 1]), 1);
}

/** Share of the running mean that a step keeps. */
const DECAY = 0.99;

/**
 * Keeps `count` units per row on average over a batch: rows may need more or fewer. Outside training, the least
 * activation is the running mean of that of the batches.
 */
export function unitsOfBatch(count: number): Selection {
  const mean = variable('code/least', [], new Float32Array(1));
  const least: LeastKept = (activations, context) => {
    if (!context.training) return mean;
    const perRow = count / (activations.shape[1] as number);
    const kept = toInt64(add(reshape(mul(elementCount(activations), scalar(perRow)), [1]), scalar(0.5)));
    const { values } = topK(reshape(activations, [1, -1]), kept);
    const current = reshape(neg(topK(neg(values), int64s([1])).values), []);
    const share = mul(step(mean), scalar(DECAY)); // the first step has no mean yet
    context.update(mean, add(mul(share, mean), mul(sub(scalar(1), share), current)));
    return current;
  };
  return { least, isFixed: true };
}

/** Returns 1 where the activation is at least `least`, and 0 elsewhere. */
function isAtLeast(activations: Value, least: Value): Value {
  return sub(scalar(1), step(sub(least, activations)));
}

/** More than runtimes differ by, and less than differences that count as ties. */
const APART = 2 ** -17;

/** Below every pre-activation. */
const NEVER = 1e30;

export interface SelectedUnitsOptions {
  readonly parts: Pick<DeterministicParts, 'codeSize' | 'decoder' | 'diagnostics'> & {
    /** Maps rows to linear pre-activations, `[N, codeSize]`. */
    readonly encoder: DeterministicParts['encoder'];
    readonly loss: keyof typeof RECONSTRUCTION_LOSSES;
    readonly weighting: Weighting;
  };
  readonly selection: Selection;
  /** Weight of the auxiliary loss. */
  readonly weight: number;
  /** Steps without any activation after which a unit is dead. */
  readonly deadAfter: number;
}

/**
 * Builds the autoencoder. In training, units that no row has activated for a while reconstruct what the others leave
 * over: the auxiliary loss of Gao et al., 2024, section 2.2, which gives them a gradient again.
 */
export function selectedUnits({ parts, selection, weight, deadAfter }: SelectedUnitsOptions): Autoencoder {
  const { codeSize, encoder, decoder, loss, weighting } = parts;
  const { least, isFixed, learning } = selection;
  const objective = RECONSTRUCTION_LOSSES[loss];
  const select = (activations: Value, context: Context) =>
    mul(activations, isAtLeast(activations, least(activations, context)));
  const idle = variable('code/idle_steps', [codeSize], new Float32Array(codeSize));
  const most = Math.min(codeSize, Math.max(1, Math.ceil(codeSize / 2)));

  const auxiliaryLoss = (before: Value, code: Value, error: Value, context: Context) => {
    const used = step(reduceSum(code, [0]));
    context.update(idle, mul(add(idle, scalar(1)), sub(scalar(1), used)));
    const dead = step(sub(idle, scalar(deadAfter)));
    // Without ReLU: a unit that is below 0 for every row would have no gradient here, either.
    const candidates = sub(before, mul(sub(scalar(1), dead), scalar(NEVER)));
    const chosen = mul(mul(before, dead), isAtLeast(candidates, leastOfRow(most)(candidates, context)));
    // Without the biases of the decoder, which are part of the reconstruction already.
    const estimate = sub(decoder(chosen, context), decoder(zerosLike(chosen), context));
    const isAny = step(reduceSum(dead));
    return mul(isAny, reduceMean(square(sub(stopGradient(error), estimate))));
  };

  /** Equal scores are no ties: next to a fixed bound, an activation that equals it must not count as equal. */
  const apart = (bound: Value) => (isFixed ? mul(bound, scalar(1 + APART)) : bound);

  return {
    ...deterministic({
      ...parts,
      encoder: (rows, context) => select(relu(encoder(rows, context)), context),
    }),
    // Runtimes that round differently may keep different units among those close to the least.
    scores: (rows) => {
      const context = evaluationContext();
      const activations = relu(encoder(filled(rows, weighting), context));
      const bound = expand(apart(least(activations, context)), activations);
      return concat([reshape(activations, [-1, 1]), reshape(bound, [-1, 1])], 1);
    },
    step: (rows, context) => {
      const target = filled(rows, weighting);
      const before = encoder(target, context);
      const kept = select(relu(before), context);
      const learned = context.training ? learning?.(before, target) : undefined;
      const code = learned === undefined ? kept : add(kept, learned.passed);
      const output = decoder(code, context);
      const reconstruction = objective.reconstruct(output);
      const reconstructionLoss = meanLoss(objective, output, target, valueWeights(rows, weighting));
      const error = sub(target, reconstruction);
      const auxiliary = context.training
        ? mul(scalar(weight), auxiliaryLoss(before, code, error, context))
        : scalar(0);
      const regularisationLoss = learned === undefined ? auxiliary : add(auxiliary, learned.penalty);
      return {
        loss: add(reconstructionLoss, regularisationLoss),
        reconstructionLoss,
        regularisationLoss,
        reconstruction,
        code,
      };
    },
  };
}
