import { convolutional } from '../../../../training/models/convolutional.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

export const conv: TrainingCase = {
  summary:
    'convolutions with stride 2 from 1x28x28 to 16x14x14 to 8x7x7, and transposed ones back; no dense layer',
  program: (features) => {
    const config = convolutional.config.parse({
      filters: [16, 8],
      codeSize: null,
      loss: 'binary-cross-entropy',
    });
    return withAdam(convolutional.build(config, features, 1, [28, 28]), features);
  },
  pytorch: pythonFile('conv.py'),
  steps: 20,
  pytorchTarget: 1.2,
};
