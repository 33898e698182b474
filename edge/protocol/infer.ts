/** `POST /v2/models/{model}[/versions/{version}]/infer`: from the bytes of a request to its outputs. */
import type { Context } from 'hono';
import { type AppEnvironment, type RequestVariables, variablesOf } from '../environment.ts';
import { routingKey } from '../models/canary.ts';
import { assertIdentity } from '../requests/media.ts';
import { observeErrors, observeRows } from '../requests/observe.ts';
import { free, readBody } from '../requests/readBody.ts';
import { noteUnseen } from '../requests/respond.ts';
import type { Batch } from '../requests/rows/batch.ts';
import { runningModel } from '../requests/running.ts';
import { elapsedSince } from '../runtime/elapsed.ts';
import { timed } from '../telemetry/record.ts';
import { readInputs } from './inputs.ts';
import { readInferRequest } from './request.ts';
import { inferResponse, wantedOutputs, withoutRows } from './response.ts';
import { findServed, type GraphAddress, type ServedGraph, servedLayout } from './served.ts';

/**
 * Runs a graph on the tensors of a request. Content-Type and Accept are ignored, since clients of the
 * protocol send none: parameters select the form of the request and of the answer.
 */
export async function infer(c: Context<AppEnvironment>, address: GraphAddress): Promise<Response> {
  const shared = variablesOf(c);
  const { models, record, inferences } = shared;
  const { headers } = c.req.raw;
  assertIdentity(headers);
  record.operation = 'infer';
  const bytes = await timed(record, 'receive', () => readBody(c.req.raw, shared));
  const served = await findServed(models, address, () => routingKey(headers, bytes));
  const { manifest, graph } = served;
  record.model = manifest.name;
  record.version = manifest.version;
  c.header('X-Model-Version', manifest.version);
  const start = performance.now();
  let isAnswered = false;
  try {
    const response = await answered(c, shared, served, bytes);
    isAnswered = true;
    return response;
  } finally {
    inferences.count(manifest, graph, record, { milliseconds: elapsedSince(start), isAnswered });
  }
}

async function answered(
  c: Context<AppEnvironment>,
  shared: RequestVariables,
  served: ServedGraph,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const { limits, record } = shared;
  const { manifest, graph } = served;
  const { request, wanted, batch } = timed(record, 'parse', () => {
    const received = readInferRequest(c.req.raw.headers, bytes);
    const outputs = wantedOutputs(served, received.request);
    const inputs = readInputs(served, received, limits);
    if (received.binary.length === 0) free(bytes);
    return { request: received.request, wanted: outputs, batch: inputs };
  });
  observeInputs(shared, served, batch);
  noteUnseen(c);
  const { rowCount, faults } = batch;
  const names = wanted.map(({ name }) => name);
  const model = runningModel(shared, manifest, { start: 0, refuse: faults.refuse });
  const tensors = await model.run(graph, batch.inputs, names);
  faults.assertAny(rowCount);
  const unanswered = faults.within(0, rowCount);
  record.unanswered = unanswered.rows.length;
  if (tensors.error?.dtype === 'float32') {
    const errors = tensors.error.data.filter((_, row) => !faults.has(row));
    observeErrors(shared, manifest, { errors });
  }
  const made = { tensors: withoutRows(tensors, unanswered.rows), unanswered };
  return timed(record, 'serialise', () => inferResponse(c, served, request.id, wanted, made));
}

/** Adds inputs to the drift statistics, except item numbers, which are not rows. */
function observeInputs(shared: RequestVariables, { manifest, graph, spec }: ServedGraph, batch: Batch): void {
  shared.record.rows = batch.rowCount;
  if (spec.inputs.some(({ dtype }) => dtype === 'int64')) return;
  observeRows(shared, manifest, servedLayout(manifest, graph), batch);
}
