import { quantile } from '../../shared/quantile.ts';
import { scaler } from './scaling.ts';

export const robust = scaler(
  'less the median, by the distance between the quartiles: outliers do not change it',
  (ascending) => ({
    shift: quantile(ascending, 0.5),
    scale: quantile(ascending, 0.75) - quantile(ascending, 0.25),
  }),
);
