import { featureStatistics } from '../data/statistics.ts';
import { scaler } from './scaling.ts';

export const standard = scaler(
  'less the mean, by the standard deviation (of the population, as scikit-learn has it)',
  (values) => {
    const rows = { data: values as Float32Array<ArrayBuffer>, rowCount: values.length, width: 1 };
    const { mean, standardDeviation } = featureStatistics(rows);
    return { shift: mean[0]!, scale: standardDeviation[0]! };
  },
);
