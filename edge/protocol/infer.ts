/** `POST /v2/models/{model}[/versions/{version}]/infer`: from a request's bytes to the outputs it asks for. */
import type { Context } from 'hono';
import { readBody } from '../body.ts';
import type { AppEnvironment } from '../environment.ts';
import { assertIdentity } from '../media.ts';
import { runningModel } from '../operations/running.ts';
import { routingKey } from '../routing.ts';
import { inputTensors } from './inputs.ts';
import { readInferRequest } from './request.ts';
import { inferResponse, wantedOutputs } from './response.ts';
import { type Address, findServed } from './served.ts';

/**
 * Runs a graph on the tensors of a request. Content-Type and Accept are not looked at, since clients send none: what form
 * a request has, and what form it wants, is in its parameters.
 */
export async function infer(c: Context<AppEnvironment>, address: Address): Promise<Response> {
  const { models, limits } = c.var;
  const { headers } = c.req.raw;
  assertIdentity(headers);
  const bytes = await readBody(c.req.raw, limits.maxBodyBytes);
  const served = await findServed(models, address, () => routingKey(headers, bytes));
  c.header('X-Model-Version', served.manifest.version);
  const received = readInferRequest(headers, bytes);
  const wanted = wantedOutputs(served, received.request);
  const inputs = inputTensors(served, received, limits);
  const names = wanted.map(({ name }) => name);
  const tensors = await runningModel(models, served.manifest).run(served.graph, inputs, names);
  return inferResponse(c, served, received.request.id, wanted, tensors);
}
