import { variational } from '../../../../training/models/variational.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

/** A variational autoencoder 784-400-20 and back, Bernoulli likelihood; every contender draws noise of its own. */
export const vae: TrainingCase = {
  program: (features) =>
    withAdam(
      variational.build(variational.config.parse({ hidden: [400], codeSize: 20 }), features, 1),
      features,
    ),
  pytorch: pythonFile('vae.py'),
  steps: 20,
  pytorchTarget: 1,
};
