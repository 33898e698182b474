/**
 * The sparse autoencoder: few units of the code are active for each row, and the code may be wider than the
 * row.
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { sub } from '../graph/ops/arithmetic.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, sign, square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import type { Activation } from '../layers/activations.ts';
import { activationDivergence, l1 } from '../objectives/penalties.ts';
import type { ReconstructionLossName } from '../objectives/reconstruction.ts';
import { filled, type Weighting } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import { deterministic } from './deterministic.ts';
import type { RowOptions } from './featureMaps.ts';
import { learnedThresholds } from './jumpRelu.ts';
import type { Autoencoder, Diagnostics, Variant } from './model.ts';
import { type Selection, selectedUnits, unitsOfBatch, unitsOfRow } from './selectedUnits.ts';
import { encoderDecoder, loss, type StackSettings, stackSettings } from './stack.ts';

interface SparseSettings extends StackSettings, Weighting {
  readonly loss: ReconstructionLossName;
  readonly sparsityWeight: number;
  readonly targetActivation: number;
  readonly activeUnits: number;
  readonly auxiliaryWeight: number;
  readonly deadAfter: number;
  readonly bandwidth: number;
}

type Build = (settings: SparseSettings, rows: RowOptions) => Autoencoder;

/**
 * The mean of the code, the share of (row, unit) pairs that are active (not exactly 0), their number per row (L0), the
 * share of units that no row activates, and the explained variance: 1 less the squared error as a share of the squared
 * distance from the mean row.
 */
const activity: Diagnostics = {
  values: ({ code, reconstruction, extra }) => {
    const active = sign(abs(code));
    const rows = extra!.rows!;
    return {
      ...{ activation: reduceMean(code), active: reduceMean(active), used: reduceMean(active, [0]) },
      ...{ mean: reduceMean(rows, [0]), square: reduceMean(square(rows), [0]) },
      error: reduceMean(square(sub(reconstruction, rows)), [0]),
    };
  },
  summarise: ({ activation, active, used, mean, square: squares, error }) => ({
    'mean-activation': activation![0]!,
    'share-active': active![0]!,
    l0: active![0]! * used!.length,
    'share-dead': used!.filter((share) => share === 0).length / used!.length,
    'explained-variance': 1 - sumOf(error!) / sumOf(squares!.map((each, i) => each - mean![i]! ** 2)),
  }),
};

const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);

/** A penalty that keeps the code sparse, with a matching activation of the code. */
function penalised(
  codeActivation: Activation,
  penalty: (code: Value, targetActivation: number) => Value,
): Build {
  return (settings, rows) =>
    deterministic({
      loss: settings.loss,
      weighting: settings,
      ...encoderDecoder(settings, { ...rows, codeActivation }),
      penalty: { weight: settings.sparsityWeight, of: (code) => penalty(code, settings.targetActivation) },
      diagnostics: activity,
    });
}

/** About `activeUnits` units, in place of a penalty. */
function selected(selection: (settings: SparseSettings, codeSize: number) => Selection): Build {
  return (settings, rows) => {
    const { codeSize, activeUnits, deadAfter, auxiliaryWeight: weight, loss } = settings;
    const stack = encoderDecoder(settings, { ...rows, codeActivation: 'linear' });
    if (activeUnits > stack.codeSize) {
      throw new InputError(
        `setting 'activeUnits': expected at most codeSize (${codeSize}), received ${activeUnits}`,
      );
    }
    const parts = { ...stack, loss, weighting: settings, diagnostics: activity };
    const model = selectedUnits({
      parts,
      selection: selection(settings, stack.codeSize),
      weight,
      deadAfter,
    });
    return { ...model, pcaComponents: activeUnits };
  };
}

/** What keeps the code sparse. */
const SPARSITY = {
  /** Units are exactly 0 for most rows. */
  l1: penalised('relu', l1),
  /** The mean activation of every unit is close to `targetActivation`. */
  kl: penalised('sigmoid', activationDivergence),
  topk: selected(({ activeUnits }) => unitsOfRow(activeUnits)),
  'batch-topk': selected(({ activeUnits }) => unitsOfBatch(activeUnits)),
  jumprelu: selected(({ activeUnits, bandwidth }, codeSize) =>
    learnedThresholds(codeSize, activeUnits, bandwidth),
  ),
} as const satisfies Record<string, Build>;

const Config = z.strictObject({
  ...stackSettings,
  loss,
  sparsity: z
    .enum(keysOf(SPARSITY))
    .describe(
      'what keeps the code sparse: a penalty, L1 on a ReLU code or KL divergence from `targetActivation` on a sigmoid code; or `activeUnits` of each row (`topk`), of a batch on average (`batch-topk`), or above learned thresholds (`jumprelu`)',
    )
    .default('l1'),
  sparsityWeight: z.number().min(0).max(1000).describe('weight of the penalty').default(1e-4),
  targetActivation: z
    .number()
    .gt(0)
    .lt(1)
    .describe('target of `kl` for the mean activation of every unit')
    .default(0.05),
  activeUnits: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .describe('`topk`, `batch-topk` and `jumprelu`: the number of units that stay active')
    .default(8),
  auxiliaryWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe('`topk`, `batch-topk` and `jumprelu`: weight of the loss that revives dead units')
    .default(1 / 32),
  deadAfter: z
    .number()
    .int()
    .min(1)
    .describe('`topk`, `batch-topk` and `jumprelu`: steps without activation after which a unit is dead')
    .default(100),
  bandwidth: z
    .number()
    .gt(0)
    .max(10)
    .describe(
      '`jumprelu`: width of the kernel that estimates the derivatives by thresholds, as a share of the root mean square length of the rows; the more rows in a batch, the narrower it can be',
    )
    .default(0.1),
});

export const sparse: Variant<typeof Config> = {
  summary: 'a code, possibly wide, of which few units are active for each row',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const built = SPARSITY[config.sparsity](config, { features, rowShape, seed });
    return {
      ...built,
      step: (rows, context) => ({ ...built.step(rows, context), extra: { rows: filled(rows, config) } }),
      hasUnits: config.sparsity !== 'kl', // whose sigmoid is 0 for no row
    };
  },
};
