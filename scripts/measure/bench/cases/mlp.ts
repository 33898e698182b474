import { undercomplete } from '../../../../training/models/undercomplete.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

export const mlp: TrainingCase = {
  summary: 'dense layers, 784-128-32-128-784',
  program: (features) => {
    const config = undercomplete.config.parse({
      hidden: [128],
      codeSize: 32,
      codeActivation: 'relu',
      loss: 'binary-cross-entropy',
    });
    return withAdam(undercomplete.build(config, features, 1), features);
  },
  pytorch: pythonFile('mlp.py'),
  steps: 60,
  pytorchTarget: 1.4,
  tfjs: {
    'tfjs-cpu': { steps: 1, target: 20 },
    'tfjs-wasm': { steps: 4, target: 25 },
    'tfjs-node': { steps: 20, target: 1 },
  },
};
