import * as z from 'zod';
import { AnsweredRows, BatchAnswer, NoQuery, RowsBody } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';
import { listed } from '../shadow/compared.ts';

/** `POST /v1/models/{name}[@{version}]/predict`: predictions of a head fitted to the codes. */
export const predict = rowsOperation({
  summary:
    'Predicts the target of each row: a number in the unit of the target, or the probability of each class.',
  takes: 'rows',
  each: 'predictions',
  graphs: ['predict'],
  body: RowsBody,
  query: NoQuery,
  answer: z.lazy(() =>
    BatchAnswer.extend({
      predictions: AnsweredRows,
      classes: z
        .array(z.string())
        .describe('The classes, in the order of the probabilities; classifiers only.')
        .optional(),
    }),
  ),
  binary: 'The predictions.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { predictions: [[0.98, 0.02, 0]], classes: ['setosa', 'versicolor', 'virginica'] },
  },
  compared: {
    values: listed('prediction'),
    verdict: ({ prediction }) => mostProbable(prediction as readonly number[]),
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

/** Returns the position of the largest of several probabilities; undefined for a single number. */
function mostProbable(prediction: readonly number[]): number | undefined {
  return prediction.length > 1 ? prediction.indexOf(Math.max(...prediction)) : undefined;
}
