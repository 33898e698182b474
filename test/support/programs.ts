/** Small training programs for tests of the engines and the trainer. */
import type { Program } from '../../training/engines/engine.ts';
import { undercomplete } from '../../training/models/undercomplete.ts';
import { OPTIMIZERS } from '../../training/optimizers/registry.ts';
import { programOf } from '../../training/program.ts';

type ModelSettings = Parameters<typeof undercomplete.config.parse>[0];

/** An undercomplete autoencoder over `features`, ready to train with Adam. */
export function program(features: number, settings: ModelSettings = {}, learningRate = 1e-2): Program {
  const config = undercomplete.config.parse({ hidden: [8], codeSize: 2, ...(settings as object) });
  const optimizer = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({ learningRate }));
  return programOf(undercomplete.build(config, features, 1), features, optimizer, 1);
}

/** Progress for tests in which nothing depends on it but the noise. */
export function at(step: number) {
  return { step, stepsPerEpoch: 1, epochs: 1 };
}
