/** Answers to inference requests: JSON, followed by the bytes of outputs requested as binary. */
import type { Context } from 'hono';
import { concatenated } from '../../shared/bytes.ts';
import type { InferRequest, InferResponse, ResponseOutput } from '../../shared/protocol.ts';
import { bytesOf, type NumberTensor } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { BINARY_TYPE, JSON_TYPE } from '../requests/media.ts';
import { UNANSWERED_HEADER } from '../requests/respond.ts';
import type { UnansweredRows } from '../requests/rows/faults.ts';
import { send } from '../requests/send.ts';
import { DATATYPES, toJson } from './datatypes.ts';
import { JSON_LENGTH_HEADER } from './request.ts';
import type { ServedGraph, ServedOutput } from './served.ts';

export interface WantedOutput extends ServedOutput {
  readonly isBinary: boolean;
}

/**
 * Returns the requested outputs, in the order of the request; all if it names none.
 * @throws {ProblemError} `invalid-body` for an unknown output, or one requested twice.
 */
export function wantedOutputs({ name: model, outputs }: ServedGraph, request: InferRequest): WantedOutput[] {
  const asBinary = request.parameters?.binary_data_output ?? false;
  if (!request.outputs?.length) return outputs.map((output) => ({ ...output, isBinary: asBinary }));
  const seen = new Set<string>();
  return request.outputs.map(({ name, parameters }) => {
    const output = outputs.find((each) => each.name === name);
    if (output === undefined || seen.has(name)) {
      const received = name.slice(0, 60);
      const offered = outputs.map((each) => each.name);
      const detail = `${model}: expected outputs among ${offered.join(', ')}, each once; received ${JSON.stringify(received)}.`;
      throw new ProblemError('invalid-body', { detail, received, offered });
    }
    seen.add(name);
    return { ...output, isBinary: parameters?.binary_data ?? asBinary };
  });
}

/** The outputs of a graph, and the rows that it could not be run on. */
interface MadeOutputs {
  readonly tensors: Readonly<Record<string, NumberTensor>>;
  readonly unanswered: UnansweredRows;
}

/** Responds with the requested outputs. */
export function inferResponse(
  c: Context<AppEnvironment>,
  { name, manifest }: ServedGraph,
  id: string | undefined,
  wanted: readonly WantedOutput[],
  { tensors, unanswered }: MadeOutputs,
): Response {
  const binary: Uint8Array<ArrayBuffer>[] = [];
  const outputs = wanted.map(({ name: output, isBinary }): ResponseOutput => {
    const tensor = tensors[output]!;
    const described = { name: output, datatype: DATATYPES[tensor.dtype].name, shape: [...tensor.shape] };
    if (!isBinary) return { ...described, data: toJson(tensor) };
    const bytes = bytesOf(tensor);
    binary.push(bytes);
    return { ...described, parameters: { binary_data_size: bytes.length } };
  });
  const body: InferResponse = {
    model_name: name,
    model_version: manifest.version,
    ...(id !== undefined && { id }),
    ...(unanswered.rows.length > 0 && { parameters: unansweredParameters(unanswered) }),
    outputs,
  };
  if (unanswered.rows.length > 0) c.header(UNANSWERED_HEADER, `${unanswered.rows.length}`);
  const text = JSON.stringify(body);
  if (binary.length === 0) return send(c, text, { 'Content-Type': JSON_TYPE });
  const json = new TextEncoder().encode(text);
  return send(c, concatenated([json, ...binary]), {
    'Content-Type': BINARY_TYPE,
    [JSON_LENGTH_HEADER]: `${json.length}`,
  });
}

/** Returns the outputs with NaN for some rows, or -1, which stands for no item. */
export function withoutRows<Output extends string>(
  tensors: Record<Output, NumberTensor>,
  rows: readonly number[],
): Record<Output, NumberTensor> {
  for (const { dtype, data, shape } of Object.values<NumberTensor>(tensors)) {
    const width = data.length / shape[0]!;
    for (const row of rows) {
      if (dtype === 'float32') data.fill(Number.NaN, row * width, (row + 1) * width);
      else data.fill(-1n, row * width, (row + 1) * width);
    }
  }
  return tensors;
}

function unansweredParameters({ rows, problems }: UnansweredRows): InferResponse['parameters'] {
  return { unanswered_rows: rows.length, unanswered_reason: problems[0]?.detail ?? '' };
}
