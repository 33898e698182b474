import { Hono } from 'hono';
import { DecodeRequest, type DecodeResponse } from '../../shared/api.ts';
import { unpackRows } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { operation } from '../middleware/operation.ts';

/** `POST /v1/models/{name}[@{version}]/decode`: codes to rows in raw units. */
export const decode = new Hono<AppEnvironment>().post(
  '/v1/models/:model/decode',
  operation('decode', {
    schema: DecodeRequest,
    numbers: ({ codes }) => codes,
    width: ({ codeSize }) => codeSize,
  }),
  (c) => {
    const { name, version } = c.var.manifest;
    return c.json({ model: name, version, rows: unpackRows(c.var.answer) } satisfies DecodeResponse, 200);
  },
);
