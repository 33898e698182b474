import { Hono } from 'hono';
import { ReconstructRequest, type ReconstructResponse } from '../../shared/api.ts';
import { unpackRows } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { operation } from '../middleware/operation.ts';

/** `POST /v1/models/{name}[@{version}]/reconstruct`: rows through the code and back, in raw units. */
export const reconstruct = new Hono<AppEnvironment>().post(
  '/v1/models/:model/reconstruct',
  operation('reconstruct', {
    schema: ReconstructRequest,
    numbers: ({ rows }) => rows,
    width: ({ features }) => features.count,
  }),
  (c) => {
    const { name, version } = c.var.manifest;
    return c.json(
      { model: name, version, rows: unpackRows(c.var.answer) } satisfies ReconstructResponse,
      200,
    );
  },
);
