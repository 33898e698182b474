import * as z from 'zod';
import { AnsweredRows, BatchAnswer, NoQuery, RowsBody } from '../../shared/api.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { rowsOperation } from '../requests/operation.ts';
import { listed } from '../shadow/compared.ts';

/** `POST /v1/models/{name}[@{version}]/forecast`: the continuation of sequences. */
export const forecast = rowsOperation({
  summary: 'Forecasts the next steps of each sequence; a row is its history, step after step.',
  takes: 'rows',
  each: 'forecasts',
  graphs: ['forecast'],
  body: RowsBody,
  query: NoQuery,
  answer: z.lazy(() => BatchAnswer.extend({ forecasts: AnsweredRows })),
  binary: 'The forecasts.',
  example: {
    request: { rows: [[0.1, 0.2, 0.4, 0.7]] },
    answer: { forecasts: [[1.1, 1.6]] },
  },
  compared: { values: listed('forecast') },
  async run(model, inputs) {
    const { forecast: continuation } = await model.run('forecast', inputs, ['forecast']);
    const forecasts = matrixOf(continuation);
    return { body: () => ({ forecasts: unpackRows(forecasts) }), binary: forecasts };
  },
});
