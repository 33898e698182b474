/** The handler that all operations share: from the bytes of a request to the checked answer of the model. */
import type { Context, Handler } from 'hono';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import type { AppEnvironment } from '../environment.ts';
import { routingKey } from '../models/canary.ts';
import { ProblemError } from '../problems.ts';
import { timed } from '../telemetry/record.ts';
import { acceptedTypes, NDJSON_TYPE, REQUEST_TYPES, requestMediaType } from './media.ts';
import { observeErrors, observeRows } from './observe.ts';
import type { Answer, BodyOperation, Operation, RowsOperation } from './operation.ts';
import { parseBody } from './parseBody.ts';
import { parseQuery } from './query.ts';
import { readBody } from './readBody.ts';
import { readRows } from './readRows.ts';
import type { Received } from './received.ts';
import { answerTypes, respond } from './respond.ts';
import { maxRowsOf } from './rowLimit.ts';
import { layoutOf } from './rows/layout.ts';
import { runningModel } from './running.ts';
import { respondInPieces } from './stream.ts';

type OperationContext = Context<AppEnvironment, '/v1/models/:model/:operation'>;

/**
 * Creates the handler of an operation: it finds the model, reads the request, runs the operation, and answers
 * in the form that the client accepts.
 *
 * @example
 * app.post('/v1/models/:model/encode', handlerOf('encode', encode));
 */
export function handlerOf(
  name: OperationName,
  operation: Operation,
): Handler<AppEnvironment, '/v1/models/:model/:operation'> {
  return async (c) => {
    // Read once: Hono builds a new object on each access.
    const shared = c.var;
    const { models, limits, record } = shared;
    const { headers } = c.req.raw;
    record.operation = name;
    const requestType = requestMediaType(headers, REQUEST_TYPES[operation.kind]);
    const accepted = acceptedTypes(headers, requestType, answerTypes(operation));
    const query = parseQuery(operation.query, c.req.query());
    const bytes = await timed(record, 'receive', () => readBody(c.req.raw, limits.maxBodyBytes));
    const routing = () => routingKey(headers, bytes);
    const manifest = await models.find(c.req.param('model'), routing, operation.graphs);
    record.model = manifest.name;
    record.version = manifest.version;
    c.header('X-Model-Version', manifest.version);
    assertOffered(manifest, name);
    const maxRows = maxRowsOf(manifest, limits);
    const received = { shared, manifest, bytes, requestType, accepted, maxRows };
    return operation.kind === 'rows'
      ? answerRows(c, operation, received, query)
      : answerBody(c, operation, received);
  };
}

async function answerBody(
  c: OperationContext,
  operation: BodyOperation,
  received: Received,
): Promise<Response> {
  const { record } = received.shared;
  const body = timed(record, 'parse', () => parseBody(operation.body, received.bytes));
  const model = runningModel(received.shared, received.manifest);
  const answer = await operation.run(model, body, received.maxRows);
  return timed(record, 'serialise', () => respond(c, received, answer));
}

async function answerRows(
  c: OperationContext,
  operation: RowsOperation,
  received: Received,
  query: unknown,
): Promise<Response> {
  const { shared, manifest, accepted, maxRows } = received;
  const { limits, record } = shared;
  const layout = layoutOf(manifest, operation.graphs[0], operation.takes);
  const batch = timed(record, 'parse', () => readRows(operation, layout, received, limits.maxStreamedRows));
  observeRows(shared, manifest, layout, batch);
  const run = async (inputs: typeof batch.inputs, start: number): Promise<Answer<unknown>> => {
    const answer = await operation.run(runningModel(shared, manifest, start), inputs, query);
    observeErrors(shared, manifest, answer);
    return answer;
  };
  if (batch.rowCount > maxRows || accepted[0] === NDJSON_TYPE)
    return respondInPieces(c, received, batch, run);
  const answer = await run(batch.inputs, 0);
  return timed(record, 'serialise', () => respond(c, received, answer));
}

function assertOffered({ name: model, version, operations }: Manifest, name: OperationName): void {
  if (operations.includes(name)) return;
  throw new ProblemError('operation-not-offered', {
    detail: `${model}@${version} offers ${operations.join(', ') || 'no operations'}, not ${name}.`,
    received: name,
    offered: operations,
  });
}
