import { variational } from '../../../../training/models/variational.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

export const vae: TrainingCase = {
  summary: 'variational, 784-400-20 and back, Bernoulli likelihood; every contender draws its own noise',
  program: (features) =>
    withAdam(
      variational.build(variational.config.parse({ hidden: [400], codeSize: 20 }), features, 1),
      features,
    ),
  pytorch: pythonFile('vae.py'),
  steps: 20,
  pytorchTarget: 1.2,
};
