import { labelledRows } from '../estimators/labelledRows.ts';
import { fitSoftmax } from '../estimators/softmaxRegression.ts';
import { standardise } from '../estimators/standardise.ts';
import { softmax } from '../graph/ops/exponentials.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { constant, float32s } from '../graph/value.ts';
import type { Classifier } from './predictor.ts';

/** Limit of rows x columns x classes, for a fit of some seconds. */
const MAX_PRODUCTS = 1e8;

export const logistic: Classifier = {
  kind: 'classifier',
  summary: 'the probability of each class, by logistic regression on the standardised code (L2 penalty of 1)',
  fit: async (codes, classes, count) => {
    const { width } = codes;
    const known = labelledRows(codes, classes, MAX_PRODUCTS / (width * count));
    // scikit-learn fits one function for two classes. Here two opposite functions share its weights, each
    // with half of them, so their penalty is half as large; half the strength restores the balance.
    const strength = count === 2 ? 0.5 : 1;
    const { rows, back } = standardise(known.rows);
    const scores = (await fitSoftmax(rows, known.answers, count, strength)).map(back);
    const data = new Float32Array(width * count);
    scores.forEach(({ weights }, k) => {
      weights.forEach((weight, c) => {
        data[c * count + k] = weight;
      });
    });
    const weights = constant({ dtype: 'float32', shape: [width, count], data });
    const bias = float32s(scores.map(({ intercept }) => intercept));
    return (code) => softmax(gemm(code, weights, { bias }));
  },
};
