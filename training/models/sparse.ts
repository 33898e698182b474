/** The sparse autoencoder: few units of the code are active for any one row; the code may be wider than the input. */
import * as z from 'zod';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, sign } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { activationDivergence, l1 } from '../objectives/penalties.ts';
import { keysOf } from '../registry.ts';
import { deterministic } from './deterministic.ts';
import type { Diagnostics, Variant } from './model.ts';
import { encoderDecoder, loss, stackSettings } from './stack.ts';

/** What keeps the code sparse, and the activation of the code that goes with it. */
const SPARSITY = {
  /** L1: units are exactly 0 most of the time. */
  l1: { activation: 'relu', penalty: (code: Value) => l1(code) },
  /** KL: every unit is active for the share `targetActivation` of the rows. */
  kl: { activation: 'sigmoid', penalty: activationDivergence },
} as const;

const Config = z.strictObject({
  ...stackSettings,
  loss,
  sparsity: z
    .enum(keysOf(SPARSITY))
    .describe(
      'what keeps units inactive: an L1 penalty on a ReLU code, or KL to `targetActivation` on a sigmoid code',
    )
    .default('l1'),
  sparsityWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe('of the penalty, beside the reconstruction loss')
    .default(1e-4),
  targetActivation: z
    .number()
    .gt(0)
    .lt(1)
    .describe('mean activation of every unit that `kl` aims at')
    .default(0.05),
});

export const sparse: Variant<typeof Config> = {
  summary: 'few units of the code, which may be wide, are active for any one row',
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

/** The mean code value, and the share of (row, unit) pairs that are active (not exactly 0). */
const activity: Diagnostics = {
  values: ({ code }) => ({ activation: reduceMean(code), active: reduceMean(sign(abs(code))) }),
  summarise: ({ activation, active }) => ({
    'mean-activation': activation![0]!,
    'share-active': active![0]!,
  }),
};
