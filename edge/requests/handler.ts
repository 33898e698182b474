/** The HTTP handler that all operations share: from the bytes of a request to a response. */
import type { Handler } from 'hono';
import { LOG_HEADER } from '../../shared/loggedRows.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { type AppEnvironment, variablesOf } from '../environment.ts';
import { routingKey } from '../models/canary.ts';
import { timed } from '../telemetry/record.ts';
import { formOf } from './forms.ts';
import { invoke } from './invoke.ts';
import { BINARY_TYPE, NDJSON_TYPE, negotiation, PNG_TYPE, REQUEST_TYPES, requestMediaType } from './media.ts';
import type { Operation } from './operation.ts';
import { parseBody } from './parseBody.ts';
import { queryReader } from './query.ts';
import { free, readBody } from './readBody.ts';
import { readRows } from './readRows.ts';
import { answerTypes, respond } from './respond.ts';
import { loadDecoder } from './rows/image.ts';
import { respondInPieces } from './stream.ts';

/**
 * Creates the handler of an operation: it reads the request, has the operation run, and answers in the form
 * that the client accepts.
 *
 * @example
 * app.post('/v1/models/:model/encode', handlerOf('encode', encode));
 */
export function handlerOf(
  name: OperationName,
  operation: Operation,
): Handler<AppEnvironment, '/v1/models/:model/:operation'> {
  const acceptedOf = negotiation(answerTypes(operation));
  const queryOf = queryReader(operation.query);
  return async (c) => {
    const shared = variablesOf(c);
    const { limits, record } = shared;
    if (shared.rowLog && c.req.raw.headers.get(LOG_HEADER) === 'no') shared.rowLog = undefined;
    const { headers } = c.req.raw;
    record.operation = name;
    const requestType = requestMediaType(headers, REQUEST_TYPES[operation.kind]);
    const accepted = acceptedOf(headers, requestType);
    const query = queryOf(c.req);
    const bytes = await timed(record, 'receive', () => readBody(c.req.raw, shared));
    if (requestType === PNG_TYPE) await loadDecoder();
    const received = { bytes, requestType };
    const routing = () => routingKey(headers, bytes);
    const call = { name, operation, model: c.req.param('model'), query, routing };
    return invoke<Response | Promise<Response>>(shared, call, {
      found: ({ version }) => c.header('X-Model-Version', version),
      rows: (rows, layout, found) => {
        const batch = readRows(rows, layout, received, found, limits);
        if (requestType !== BINARY_TYPE) free(bytes);
        return batch;
      },
      body: ({ body }) => {
        const value = parseBody(body, bytes);
        free(bytes);
        return value;
      },
      answer: (answer, { manifest }) => respond(c, manifest, accepted, answer),
      pieces: (batch, run, found, rows) => respondInPieces(c, formOf(accepted[0], rows), batch, run, found),
      prefersPieces: accepted[0] === NDJSON_TYPE,
    });
  };
}
