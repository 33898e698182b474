import * as z from 'zod';
import { JsonCodes, JsonLabels, NoQuery, RowsAnswer } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';
import { listed } from '../shadow/compared.ts';
import { conditionOf } from './codes.ts';

/** `POST /v1/models/{name}[@{version}]/decode`: codes to rows in raw units. */
export const decode = rowsOperation({
  summary: 'Decodes codes to rows in raw units; a conditional model takes one label per code.',
  takes: 'codes',
  each: 'rows',
  graphs: ['decoder'],
  body: z.strictObject({ codes: JsonCodes, labels: JsonLabels.optional() }),
  query: NoQuery,
  answer: RowsAnswer,
  binary: 'The rows.',
  example: {
    request: { codes: [[-2.68, 0.32]] },
    answer: { rows: [[5.09, 3.52, 1.41, 0.22]] },
  },
  problems: ['invalid-label'],
  others: (manifest, count, body, refuse) => conditionOf(manifest, count, body?.labels, refuse),
  compared: { values: listed('reconstruction') },
  async run(model, inputs) {
    const { reconstruction } = await model.run('decoder', inputs, ['reconstruction']);
    const rows = matrixOf(reconstruction);
    return { body: () => ({ rows: unpackRows(rows) }), binary: rows };
  },
});
