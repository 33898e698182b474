import { Hono } from 'hono';
import { PredictRequest, type PredictResponse } from '../../shared/api.ts';
import { unpackRows } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { operation } from '../middleware/operation.ts';

/** `POST /v1/models/{name}[@{version}]/predict`: rows in raw units to a prediction each, in the units of the target. */
export const predict = new Hono<AppEnvironment>().post(
  '/v1/models/:model/predict',
  operation('predict', {
    schema: PredictRequest,
    numbers: ({ rows }) => rows,
    width: ({ features }) => features.count,
  }),
  (c) => {
    const { name, version } = c.var.manifest;
    return c.json(
      { model: name, version, predictions: unpackRows(c.var.answer) } satisfies PredictResponse,
      200,
    );
  },
);
