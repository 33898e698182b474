import { featureStatistics } from '../data/statistics.ts';
import { type Scaler, scaleBy } from './scaling.ts';

export const standard: Scaler = {
  summary: 'subtracts the mean and divides by the population standard deviation, as scikit-learn does',
  ...scaleBy((values) => {
    const rows = { data: values as Float32Array<ArrayBuffer>, rowCount: values.length, width: 1 };
    const { mean, standardDeviation } = featureStatistics(rows);
    return { shift: mean[0]!, scale: standardDeviation[0]! };
  }),
};
