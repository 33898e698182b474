/** Small training programs for tests of the engines and the trainer. */
import type { Program } from '../../../training/engines/engine.ts';
import { programOf } from '../../../training/fitting/program.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { input, scalar, variable } from '../../../training/graph/value.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import type { Optimizer } from '../../../training/optimizers/optimizer.ts';
import { OPTIMIZERS } from '../../../training/optimizers/registry.ts';

type ModelSettings = Parameters<typeof undercomplete.config.parse>[0];

/** An undercomplete autoencoder over `features`, ready to train with Adam. */
export function program(
  features: number,
  settings: ModelSettings = {},
  learningRate = 1e-2,
  rowShape: readonly number[] = [features],
): Program {
  const config = undercomplete.config.parse({ hidden: [8], codeSize: 2, ...(settings as object) });
  const optimizer = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({ learningRate }));
  return programOf(undercomplete.build(config, features, 1, rowShape), features, optimizer, 1);
}

/**
 * Two parameters of `initial`'s shape whose gradients are what is fed, whatever the weights: a batch of one row is the
 * gradient of `plain`, and -2 times the row that of `scaled`.
 */
export function fedGradients(initial: readonly number[], optimizer: Optimizer): Program {
  const rows = input('rows', ['N', initial.length]);
  const plain = variable('plain', [initial.length], Float32Array.from(initial));
  const scaled = variable('scaled', [initial.length], Float32Array.from(initial));
  const loss = reduceSum(mul(rows, add(plain, mul(scaled, scalar(-2)))));
  const none = scalar(0);
  const step = { loss, reconstructionLoss: loss, regularisationLoss: none, reconstruction: rows, code: rows };
  return {
    rows,
    training: step,
    evaluation: step,
    parameters: [plain, scaled],
    updates: new Map(),
    optimizer,
    seed: 1,
  };
}

/** Progress for tests in which nothing depends on it but the noise. */
export function at(step: number) {
  return { step, stepsPerEpoch: 1, epochs: 1 };
}
