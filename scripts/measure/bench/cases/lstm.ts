import { random } from '../../../../shared/random.ts';
import { sequence } from '../../../../training/models/sequence.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

const STEPS = 140;
const WINDOWS = 16 * 256;

export const lstm: TrainingCase = {
  summary:
    'an LSTM of 64 units from windows of 140 steps with one channel to a code of 16, and another one back',
  program: (features) => {
    const config = sequence.config.parse({ cell: 'lstm', units: 64, codeSize: 16, loss: 'mse' });
    return withAdam(sequence.build(config, features, 1), features);
  },
  /** Sine waves of random frequency and phase. */
  rows: () => {
    const source = random(1, 'bench/waves');
    const data = new Float32Array(WINDOWS * STEPS);
    for (let row = 0; row < WINDOWS; row++) {
      const [frequency, phase] = [0.05 + 0.2 * source.uniform(), 2 * Math.PI * source.uniform()];
      for (let step = 0; step < STEPS; step++) data[row * STEPS + step] = Math.sin(frequency * step + phase);
    }
    return { data, rowCount: WINDOWS, width: STEPS };
  },
  pytorch: pythonFile('lstm.py'),
  steps: 2,
  pytorchTarget: 1.5,
};
