/** Operations called with values in place of the bytes of a request. */
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { describeJson, type Matrix } from '../../shared/tensor.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { ProblemError } from '../problems.ts';
import { type Door, type Found, invoke, type RunRows } from '../requests/invoke.ts';
import type { Answer, Operation, RowsOperation } from '../requests/operation.ts';
import { checkedBody } from '../requests/parseBody.ts';
import { parseQuery } from '../requests/query.ts';
import { wholeBody } from '../requests/respond.ts';
import type { Batch } from '../requests/rows/batch.ts';
import type { Shared } from '../requests/running.ts';
import { pieceRows } from '../requests/stream.ts';
import { floatsOf, partedOptions, routingKeyOf, rowsOf } from './input.ts';
import { type CallDoor, recorded } from './recorded.ts';
import { remoteProblemOf } from './remoteProblem.ts';
import type { Service } from './service.ts';

/** The arguments of a call, of any type: they are checked in the same way as the body of a request. */
export interface CallArguments {
  /** `name`, `name@version` or `name@alias`. */
  readonly model: unknown;
  /** Rows, codes, or the body of an operation that takes no rows. */
  readonly input: unknown;
  readonly options: unknown;
}

/**
 * Calls an operation by its name, and returns what its method is declared to return.
 * @throws {ProblemError} for anything that is wrong with the call.
 *
 * @example
 * const codes = await callOperation(service, 'CALL', 'encode', { model: 'digits', input: rows, options: {} });
 */
export function callOperation(
  service: Service,
  door: CallDoor,
  name: OperationName,
  { model, input, options }: CallArguments,
): Promise<unknown> {
  const operation: Operation = OPERATIONS[name];
  const floats = operation.kind === 'rows' && floatsOf(input) !== undefined;
  const answering = floats ? FLOATS : listsOf(operation);
  return recorded(service, door, name, (shared) =>
    invokeValues(shared, name, { model, input, options }, answering),
  );
}

/**
 * Invokes an operation with values, as part of a request that is recorded already.
 * @throws {ProblemError} for anything that is wrong with the call.
 */
export async function invokeValues<Result>(
  shared: Shared,
  name: OperationName,
  { model, input, options }: CallArguments,
  answering: Answering<Result>,
): Promise<Result> {
  const operation: Operation = OPERATIONS[name];
  assertReference(model);
  const { canaryKey, query, members } = partedOptions(operation, options);
  const call = {
    ...{ name, operation, model, query: parseQuery(operation.query, query) },
    routing: () => canaryKey ?? routingKeyOf(input),
  };
  return invoke<Result>(shared, call, {
    rows: (rows, layout, found) => rowsOf(rows, layout, { rows: input, members }, found, shared.limits),
    body: ({ body }) => checkedBody(body, { ...(input as object | undefined), ...members }),
    prefersPieces: false,
    ...answering,
  });
}

/** @throws {ProblemError} `unknown-model` for anything but text: other Workers can send any value. */
function assertReference(model: unknown): asserts model is string {
  if (typeof model === 'string') return;
  const detail = `The model is a name, as text; received ${describeJson(model)}.`;
  throw new ProblemError('unknown-model', { detail, received: describeJson(model) });
}

/** Conversion of an answer; `rows` in addition, for rows of another form. */
export type Answering<Result> = Pick<Door<Result>, 'answer' | 'pieces'> & Partial<Pick<Door<Result>, 'rows'>>;

/** Float32 values, row after row; NaN for a row without an answer. */
export const FLOATS: Answering<unknown> = {
  answer: (answer) => floatsIn(answer).data,
  pieces: inPieces,
};

/** @throws {ProblemError} `invalid-query` if the call asked for another type. */
function floatsIn({ binary, packed }: Answer<unknown>): Matrix {
  if (packed === undefined) return binary!;
  const detail = 'Float32 values are answered with float32 values; give the rows as lists for another dtype.';
  throw new ProblemError('invalid-query', { detail });
}

/**
 * Plain objects; for rows, a list of their answers, null for a row without one, with the other members of the
 * body as its properties.
 */
function listsOf(operation: Operation): Answering<unknown> {
  return {
    answer: (answer, { manifest }) =>
      operation.kind === 'rows'
        ? listed(operation, manifest, answer)
        : wholeBody(manifest, answer, remoteProblemOf),
    pieces: neverInPieces,
  };
}

/** For doors that admit no more rows than one answer holds. */
export const neverInPieces = (): Promise<never> =>
  Promise.reject(new Error('expected a list that fits into one answer, received more rows'));

function listed({ each }: RowsOperation, manifest: Manifest, answer: Answer<unknown>): unknown {
  const { [each]: list, ...rest } = wholeBody(manifest, answer, remoteProblemOf) as Record<string, unknown>;
  return Object.assign(list as unknown[], rest);
}

/** Runs one piece after another, so that no run takes more memory than a request may. */
async function inPieces(batch: Batch, run: RunRows, { maxRows }: Found): Promise<Float32Array<ArrayBuffer>> {
  const size = pieceRows(maxRows);
  let values: Float32Array<ArrayBuffer> | undefined;
  for (let start = 0; start < batch.rowCount; start += size) {
    const { data, width } = floatsIn(await run(start, Math.min(start + size, batch.rowCount)));
    values ??= new Float32Array(batch.rowCount * width);
    values.set(data, start * width);
  }
  return values!;
}
