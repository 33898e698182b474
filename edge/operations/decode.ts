import * as z from 'zod';
import { Codes, Labels, NoQuery, RowsAnswer } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';
import { conditionOf } from './codes.ts';

/** `POST /v1/models/{name}[@{version}]/decode`: codes to rows in raw units. */
export const decode = rowsOperation({
  summary: 'Codes to rows in raw units; of a conditional model, under a label each.',
  takes: 'codes',
  each: 'rows',
  graphs: ['decoder'],
  body: z.strictObject({ codes: Codes, labels: Labels.optional() }),
  query: NoQuery,
  answer: RowsAnswer,
  binary: 'The rows.',
  example: {
    request: { codes: [[-2.68, 0.32]] },
    answer: { rows: [[5.09, 3.52, 1.41, 0.22]] },
  },
  problems: ['invalid-label'],
  others: (manifest, count, body) => conditionOf(manifest, count, body?.labels),
  async run(model, inputs) {
    const { reconstruction } = await model.run('decoder', inputs, ['reconstruction']);
    const rows = matrixOf(reconstruction);
    return { body: () => ({ rows: unpackRows(rows) }), binary: rows };
  },
});
