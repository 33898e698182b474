import { fitRidge } from '../estimators/ridge.ts';
import { fitStandardised } from '../estimators/standardise.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { constant, scalar } from '../graph/value.ts';
import type { Regressor } from './predictor.ts';

export const ridge: Regressor = {
  kind: 'regressor',
  summary: 'a linear function, by ridge regression on the standardised code (alpha 1)',
  fit: (codes, targets) => {
    const { weights, intercept } = fitStandardised(codes, (rows) => fitRidge(rows, targets));
    const column = constant({ dtype: 'float32', shape: [codes.width, 1], data: Float32Array.from(weights) });
    return (code) => add(gemm(code, column), scalar(intercept));
  },
};
