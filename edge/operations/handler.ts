/** Everything that all operations share: from a request's bytes to the model's checked answer. */
import type { Context, Handler } from 'hono';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { readBody } from '../body.ts';
import type { AppEnvironment } from '../environment.ts';
import { acceptedTypes, requestMediaType } from '../media.ts';
import { ProblemError } from '../problems.ts';
import { routingKey } from '../routing.ts';
import { parseBody } from './body.ts';
import type { Answer, BodyOperation, Operation, RowsOperation } from './operation.ts';
import { parseQuery } from './query.ts';
import { answerTypes, REQUEST_TYPES, respond } from './respond.ts';
import { readRows } from './rows.ts';
import { runningModel } from './running.ts';
import { respondInPieces } from './stream.ts';

type C = Context<AppEnvironment, '/v1/models/:model/:operation'>;

/** What of a request does not depend on the kind of its operation. */
interface Received {
  readonly manifest: Manifest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestType: (typeof REQUEST_TYPES)['rows'][number];
  /** The forms that the client accepts of those there are, its favourite first. */
  readonly accepted: readonly string[];
}

/**
 * Finds the model, reads the request, runs the operation, and answers in the form that the client wants.
 *
 * @example
 * app.post('/v1/models/:model/encode', handlerOf('encode', encode));
 */
export function handlerOf(
  name: OperationName,
  operation: Operation,
): Handler<AppEnvironment, '/v1/models/:model/:operation'> {
  return async (c) => {
    const { headers } = c.req.raw;
    const requestType = requestMediaType(headers, REQUEST_TYPES[operation.kind]);
    const accepted = acceptedTypes(headers, requestType, answerTypes(operation));
    const query = parseQuery(operation.query, c.req.query());
    const bytes = await readBody(c.req.raw, c.var.limits.maxBodyBytes);
    const { models } = c.var;
    const routing = () => routingKey(headers, bytes);
    const manifest = await models.find(c.req.param('model'), routing, operation.graphs);
    c.header('X-Model-Version', manifest.version);
    assertOffered(manifest, name);
    const received = { manifest, bytes, requestType, accepted };
    return operation.kind === 'rows'
      ? answerRows(c, operation, received, query)
      : answerBody(c, operation, received);
  };
}

async function answerBody(c: C, operation: BodyOperation, received: Received): Promise<Response> {
  const { models, limits } = c.var;
  const body = parseBody(operation.body, received.bytes);
  const model = runningModel(models, received.manifest);
  return respond(c, received, await operation.run(model, body, limits.maxRows));
}

async function answerRows(
  c: C,
  operation: RowsOperation,
  received: Received,
  query: unknown,
): Promise<Response> {
  const { models, limits } = c.var;
  const { manifest, accepted } = received;
  const batch = await readRows(operation, received, limits);
  const run = (inputs: typeof batch.inputs, start: number): Promise<Answer<unknown>> =>
    operation.run(runningModel(models, manifest, start), inputs, query);
  const whole = batch.rowCount <= limits.maxRows && accepted[0] !== 'application/x-ndjson';
  if (whole) return respond(c, received, await run(batch.inputs, 0));
  return respondInPieces(c, received, batch, run);
}

function assertOffered({ name: model, version, operations }: Manifest, name: OperationName): void {
  if (operations.includes(name)) return;
  throw new ProblemError('operation-not-offered', {
    detail: `${model}@${version} offers ${operations.join(', ') || 'no operations'}, not ${name}.`,
    received: name,
    offered: operations,
  });
}
