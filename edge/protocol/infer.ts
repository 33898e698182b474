/** `POST /v2/models/{model}[/versions/{version}]/infer`: from a request's bytes to the outputs it asks for. */
import type { Context } from 'hono';
import { readBody } from '../body.ts';
import type { AppEnvironment } from '../environment.ts';
import { assertIdentity } from '../media.ts';
import { runningModel } from '../operations/running.ts';
import { routingKey } from '../routing.ts';
import { rowCountOf } from '../rows/batch.ts';
import { timed } from '../telemetry/record.ts';
import { inputTensors } from './inputs.ts';
import { readInferRequest } from './request.ts';
import { inferResponse, wantedOutputs } from './response.ts';
import { type Address, findServed } from './served.ts';

/**
 * Runs a graph on the tensors of a request. Content-Type and Accept are not looked at, since clients send none: what form
 * a request has, and what form it wants, is in its parameters.
 */
export async function infer(c: Context<AppEnvironment>, address: Address): Promise<Response> {
  const { models, limits, record } = c.var;
  const { headers } = c.req.raw;
  assertIdentity(headers);
  record.operation = 'infer';
  const bytes = await timed(record, 'receive', () => readBody(c.req.raw, limits.maxBodyBytes));
  const served = await findServed(models, address, () => routingKey(headers, bytes));
  record.model = served.manifest.name;
  record.version = served.manifest.version;
  c.header('X-Model-Version', served.manifest.version);
  const { received, wanted, inputs } = timed(record, 'parse', () => {
    const received = readInferRequest(headers, bytes);
    return {
      ...{ received, wanted: wantedOutputs(served, received.request) },
      inputs: inputTensors(served, received, limits),
    };
  });
  record.rows = rowCountOf(inputs);
  const names = wanted.map(({ name }) => name);
  const tensors = await runningModel(c.var, served.manifest).run(served.graph, inputs, names);
  return timed(record, 'serialise', () => inferResponse(c, served, received.request.id, wanted, tensors));
}
