import { fitSupportVectors } from '../estimators/supportVectors.ts';
import { svmRegressor } from '../graph/ops/svmRegressor.ts';
import type { Regressor } from './predictor.ts';

export const svr: Regressor = {
  kind: 'regressor',
  summary: "support vector regression with an RBF kernel and the defaults of scikit-learn's `SVR`",
  maxRows: 20_000, // minutes
  fit: (codes, targets) => {
    const { vectors, ...fitted } = fitSupportVectors(codes, targets);
    return (code) => svmRegressor(code, { ...fitted, vectors: vectors.data });
  },
};
