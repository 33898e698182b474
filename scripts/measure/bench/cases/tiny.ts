import { random } from '../../../../shared/random.ts';
import { undercomplete } from '../../../../training/models/undercomplete.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

const COLUMNS = 30;
const ROWS = 16 * 256;

export const tiny: TrainingCase = {
  summary: 'dense layers, 30-16-2-16-30, as for a small table: most of a step is what every operator costs',
  rows: () => {
    const source = random(1, 'bench/tiny');
    const data = Float32Array.from({ length: ROWS * COLUMNS }, () => source.uniform());
    return { data, rowCount: ROWS, width: COLUMNS };
  },
  program: (features) => {
    const config = undercomplete.config.parse({ hidden: [16], codeSize: 2, loss: 'mse' });
    return withAdam(undercomplete.build(config, features, 1), features);
  },
  pytorch: pythonFile('tiny.py'),
  steps: 1000,
  pytorchTarget: 2,
};
