/**
 * The sparse autoencoder: few units of the code are active for each row, and the code may be wider than the
 * row.
 */
import * as z from 'zod';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, sign } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { activationDivergence, l1 } from '../objectives/penalties.ts';
import { keysOf } from '../registry.ts';
import { deterministic } from './deterministic.ts';
import type { Diagnostics, Variant } from './model.ts';
import { encoderDecoder, loss, stackSettings } from './stack.ts';

/** Penalties that keep the code sparse, with matching activations of the code. */
const SPARSITY = {
  /** Units are exactly 0 for most rows. */
  l1: { activation: 'relu', penalty: (code: Value) => l1(code) },
  /** The mean activation of every unit is close to `targetActivation`. */
  kl: { activation: 'sigmoid', penalty: activationDivergence },
} as const;

const Config = z.strictObject({
  ...stackSettings,
  loss,
  sparsity: z
    .enum(keysOf(SPARSITY))
    .describe('penalty: L1 on a ReLU code, or KL divergence from `targetActivation` on a sigmoid code')
    .default('l1'),
  sparsityWeight: z.number().min(0).max(1000).describe('weight of the penalty').default(1e-4),
  targetActivation: z
    .number()
    .gt(0)
    .lt(1)
    .describe('target of `kl` for the mean activation of every unit')
    .default(0.05),
});

export const sparse: Variant<typeof Config> = {
  summary: 'a code, possibly wide, of which few units are active for each row',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { loss, targetActivation, sparsityWeight: weight } = config;
    const { activation: codeActivation, penalty } = SPARSITY[config.sparsity];
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation }),
      penalty: { weight, of: (code) => penalty(code, targetActivation) },
      diagnostics: activity,
    });
  },
};

/** The mean of the code, and the share of (row, unit) pairs that are active (not exactly 0). */
const activity: Diagnostics = {
  values: ({ code }) => ({ activation: reduceMean(code), active: reduceMean(sign(abs(code))) }),
  summarise: ({ activation, active }) => ({
    'mean-activation': activation![0]!,
    'share-active': active![0]!,
  }),
};
