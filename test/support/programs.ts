/** Small training programs for tests of the engines and the trainer. */
import type { Program } from '../../training/engines/engine.ts';
import { variablesOf } from '../../training/graph/traverse.ts';
import { input } from '../../training/graph/value.ts';
import { undercomplete } from '../../training/models/undercomplete.ts';
import { OPTIMIZERS } from '../../training/optimizers/registry.ts';

type ModelSettings = Parameters<typeof undercomplete.config.parse>[0];

/** An undercomplete autoencoder over `features`, ready to train with Adam. */
export function program(features: number, settings: ModelSettings = {}, learningRate = 1e-2): Program {
  const config = undercomplete.config.parse({ hidden: [8], codeSize: 2, ...(settings as object) });
  const rows = input('rows', ['N', features]);
  const step = undercomplete.build(config, features, 1).step(rows);
  const optimizer = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({ learningRate }));
  return { rows, step, parameters: variablesOf([step.loss]), optimizer };
}
