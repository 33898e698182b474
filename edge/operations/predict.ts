import * as z from 'zod';
import { Answered, NoQuery, Numbers, RowsBody } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';

/** `POST /v1/models/{name}[@{version}]/predict`: what a head that is fitted to the codes says of each row. */
export const predict = rowsOperation({
  summary: 'Rows to predictions: a number each in the units of the target, or the probability of each class.',
  takes: 'rows',
  each: 'predictions',
  graphs: ['predict'],
  body: RowsBody,
  query: NoQuery,
  answer: z.lazy(() =>
    Answered.extend({
      predictions: Numbers,
      classes: z
        .array(z.string())
        .describe('Of a classifier: what the probabilities are of, in order.')
        .optional(),
    }),
  ),
  binary: 'The predictions.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { predictions: [[0.98, 0.02, 0]], classes: ['setosa', 'versicolor', 'virginica'] },
  },
  async run(model, inputs) {
    const { prediction } = await model.run('predict', inputs, ['prediction']);
    const predictions = matrixOf(prediction);
    const classes = model.manifest.prediction?.classes;
    return {
      body: () => ({ predictions: unpackRows(predictions), ...(classes && { classes }) }),
      binary: predictions,
    };
  },
});
