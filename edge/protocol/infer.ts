/** `POST /v2/models/{model}[/versions/{version}]/infer`: from the bytes of a request to its outputs. */
import type { Context } from 'hono';
import type { GraphName } from '../../shared/manifest.ts';
import type { NumberTensor } from '../../shared/tensor.ts';
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
import { fileOutput, rowsOf } from './file.ts';
import { readInputs } from './inputs.ts';
import { readInferRequest } from './request.ts';
import { inferResponse, wantedOutputs, withoutRows } from './response.ts';
import {
  findServed,
  type GraphAddress,
  type ServedGraph,
  type ServedOutput,
  servedLayout,
} from './served.ts';

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
  const { manifest } = served;
  const { request, wanted, batch } = timed(record, 'parse', () => {
    const received = readInferRequest(c.req.raw.headers, bytes);
    const outputs = wantedOutputs(served, received.request);
    const inputs = readInputs(served, received, limits);
    if (received.binary.length === 0) free(bytes);
    return { request: received.request, wanted: outputs, batch: graphBatch(served, inputs) };
  });
  observeInputs(shared, served, batch);
  noteUnseen(c);
  const { rowCount, faults } = batch;
  const model = runningModel(shared, manifest, { start: 0, refuse: faults.refuse });
  const tensors = await outputsOf(served, wanted, (of, names) => model.run(of, batch.inputs, names));
  faults.assertAny(rowCount);
  const unanswered = faults.within(0, rowCount);
  record.unanswered = unanswered.rows.length;
  if (!served.isFile && tensors.error?.dtype === 'float32') {
    const errors = tensors.error.data.filter((_, row) => !faults.has(row));
    observeErrors(shared, manifest, { errors });
  }
  const made = { tensors: withoutRows(tensors, unanswered.rows), unanswered };
  return timed(record, 'serialise', () => inferResponse(c, served, request.id, wanted, made));
}

/** Inputs of the file become those of graphs. */
function graphBatch({ manifest, graph, isFile, inputs: known }: ServedGraph, batch: Batch): Batch {
  if (!isFile) return batch;
  const tensors = known.map(({ name }) => batch.inputs[name]!);
  return { ...batch, inputs: rowsOf(tensors, batch.rowCount, servedLayout(manifest, graph)) };
}

/** Runs every graph that has some of the outputs, and returns these by the names that the client knows. */
async function outputsOf(
  { isFile }: ServedGraph,
  wanted: readonly ServedOutput[],
  run: (graph: GraphName, names: readonly string[]) => Promise<Readonly<Record<string, NumberTensor>>>,
): Promise<Record<string, NumberTensor>> {
  const made: [string, NumberTensor][] = [];
  for (const graph of new Set(wanted.map((output) => output.graph))) {
    const own = wanted.filter((output) => output.graph === graph);
    const tensors = await run(
      graph,
      own.map(({ output }) => output),
    );
    for (const each of own) {
      const tensor = tensors[each.output]!;
      made.push([each.name, isFile ? fileOutput(tensor, each) : tensor]);
    }
  }
  return Object.fromEntries(made);
}

/** Adds inputs to the drift statistics, except item numbers, which are not rows. */
function observeInputs(
  shared: RequestVariables,
  { manifest, graph, inputs }: ServedGraph,
  batch: Batch,
): void {
  shared.record.rows = batch.rowCount;
  if (inputs.some(({ dtype }) => dtype === 'int64')) return;
  observeRows(shared, manifest, servedLayout(manifest, graph), batch);
}
