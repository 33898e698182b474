import { Hono } from 'hono';
import { EncodeRequest, type EncodeResponse } from '../../shared/api.ts';
import { unpackRows } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { operation } from '../middleware/operation.ts';

/** `POST /v1/models/{name}[@{version}]/encode`: rows in raw units to codes. */
export const encode = new Hono<AppEnvironment>().post(
  '/v1/models/:model/encode',
  operation('encode', {
    schema: EncodeRequest,
    numbers: ({ rows }) => rows,
    width: ({ features }) => features.count,
  }),
  (c) => {
    const { name, version } = c.var.manifest;
    return c.json({ model: name, version, codes: unpackRows(c.var.answer) } satisfies EncodeResponse, 200);
  },
);
