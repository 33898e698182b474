import { NoQuery, RowsAnswer, RowsBody } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';
import { listed } from '../shadow/compared.ts';

/** `POST /v1/models/{name}[@{version}]/reconstruct`: rows encoded and decoded again, in raw units. */
export const reconstruct = rowsOperation({
  summary: 'Encodes rows and decodes them again, in raw units.',
  takes: 'rows',
  each: 'rows',
  graphs: ['autoencoder'],
  body: RowsBody,
  query: NoQuery,
  answer: RowsAnswer,
  binary: 'The rows.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { rows: [[5.09, 3.52, 1.41, 0.22]] },
  },
  compared: { values: listed('reconstruction') },
  async run(model, inputs) {
    const { reconstruction } = await model.run('autoencoder', inputs, ['reconstruction']);
    const rows = matrixOf(reconstruction);
    return { body: () => ({ rows: unpackRows(rows) }), binary: rows };
  },
});
