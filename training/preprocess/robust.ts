import { quantile } from '../../shared/quantile.ts';
import { type Scaler, scaleBy } from './scaling.ts';

export const robust: Scaler = {
  summary: 'subtracts the median and divides by the interquartile range: outliers have little influence',
  ...scaleBy((ascending) => ({
    shift: quantile(ascending, 0.5),
    scale: quantile(ascending, 0.75) - quantile(ascending, 0.25),
  })),
};
