/**
 * Invocation of an operation, the same for calls over HTTP, calls of an open model, and calls over Workers
 * RPC.
 */
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import type { Routing } from '../models/release.ts';
import type { CopiedRequest } from '../shadow/shadowing.ts';
import { timed } from '../telemetry/record.ts';
import { copiedBody, copiedRows } from './copiedRequest.ts';
import { rowLogger } from './logRows.ts';
import { observeErrors, observeRows } from './observe.ts';
import { assertOffered } from './offered.ts';
import type { Answer, BodyOperation, Operation, RowsOperation } from './operation.ts';
import { partial } from './partial.ts';
import { maxRowsOf } from './rowLimit.ts';
import { type Batch, slice } from './rows/batch.ts';
import { refuseAll } from './rows/faults.ts';
import { layoutOf, type RowLayout } from './rows/layout.ts';
import { MAX_UNSEEN, unseenCategories } from './rows/unseen.ts';
import { runningModel, type Shared } from './running.ts';

/** An operation that is called. */
export interface Call {
  readonly name: OperationName;
  readonly operation: Operation;
  /** `name`, `name@version` or `name@alias`. */
  readonly model: string;
  /** The checked query parameters. */
  readonly query: unknown;
  /** Decides whether a canary answers. */
  readonly routing: Routing;
}

/** The version that answers a call. */
export interface Found {
  readonly manifest: Manifest;
  /** Maximum number of rows in one answer. */
  readonly maxRows: number;
}

/**
 * Runs an operation on the rows of a call from `start` up to `end`.
 * @throws {ProblemError} the first problem, if the call has no other rows and none of these can be answered.
 */
export type RunRows = (start: number, end: number) => Promise<Answer<unknown>>;

/** Conversion of a caller's input to that of an operation, and of its answer to the caller's form. */
export interface Door<Result> {
  /** Receives the version that answers, before the input is checked. */
  readonly found?: (manifest: Manifest) => void;
  /** Packs the rows of an operation that answers each row independently; at least one can be answered. */
  readonly rows: (operation: RowsOperation, layout: RowLayout, found: Found) => Batch;
  /** Reads the body of any other operation. */
  readonly body: (operation: BodyOperation) => unknown;
  /** Returns the result of one answer. */
  readonly answer: (answer: Answer<unknown>, found: Found) => Result;
  /** Returns the result of rows that are answered in pieces. */
  readonly pieces: (batch: Batch, run: RunRows, found: Found, operation: RowsOperation) => Promise<Result>;
  /** True to answer rows in pieces even if one answer could hold them. */
  readonly prefersPieces: boolean;
}

/**
 * Finds the version that answers, checks that it offers the operation and that there are not too many rows,
 * runs the operation, and records all of it for telemetry.
 *
 * @throws {ProblemError} for anything that is wrong with the call.
 *
 * @example
 * const { routing, query } = request;
 * await invoke(c.var, { name: 'encode', operation: encode, model: 'digits', query, routing }, door);
 */
export async function invoke<Result>(shared: Shared, call: Call, door: Door<Result>): Promise<Result> {
  const { models, limits, record } = shared;
  const { name, operation } = call;
  const manifest = await models.find(call.model, call.routing, operation.graphs);
  record.model = manifest.name;
  record.version = manifest.version;
  door.found?.(manifest);
  assertOffered(manifest, name);
  const found = { manifest, maxRows: maxRowsOf(manifest, limits) };
  return operation.kind === 'rows'
    ? answerRows(shared, { ...call, operation }, found, door)
    : answerBody(shared, { ...call, operation }, found, door);
}

async function answerBody<Result>(
  shared: Shared,
  call: Call & { readonly operation: BodyOperation },
  found: Found,
  door: Door<Result>,
): Promise<Result> {
  const { record } = shared;
  const { operation, query } = call;
  const body = timed(record, 'parse', () => door.body(operation));
  const answer = await operation.run(
    runningModel(shared, found.manifest, { start: 0, refuse: refuseAll }),
    body,
    found.maxRows,
    query,
  );
  record.unseen += answer.unseen?.length ?? 0;
  toShadow(shared, call, found, () => copiedBody(shared, call, body, found.maxRows));
  return timed(record, 'serialise', () => door.answer(answer, found));
}

async function answerRows<Result>(
  shared: Shared,
  call: Call & { readonly operation: RowsOperation },
  found: Found,
  door: Door<Result>,
): Promise<Result> {
  const { record } = shared;
  const { name, operation, query } = call;
  const { manifest, maxRows } = found;
  const layout = layoutOf(manifest, operation.graphs[0], operation.takes);
  const batch = timed(record, 'parse', () => door.rows(operation, layout, found));
  observeRows(shared, manifest, layout, batch);
  const { rowCount, faults } = batch;
  const logged =
    shared.rowLog && rowLogger(shared.rowLog, shared.record, { name, operation, manifest, layout });
  let unnamed = MAX_UNSEEN;
  const run: RunRows = async (start, end) => {
    const model = runningModel(shared, manifest, { start, refuse: faults.refuse });
    const inputs = slice(batch, start, end);
    const made = await operation.run(model, inputs, query);
    if (end - start === rowCount) faults.assertAny(rowCount);
    // They have been counted: rows without any are not looked through again.
    const unseen =
      record.unseen > 0
        ? unseenCategories(manifest, layout, { inputs, rowCount: end - start, faults }, start, unnamed)
        : [];
    unnamed -= unseen.length;
    const answer = {
      ...partial(operation, made, faults.within(start, end)),
      ...(unseen.length > 0 && { unseen }),
    };
    record.unanswered += answer.unanswered?.rows.length ?? 0;
    observeErrors(shared, manifest, answer);
    logged?.(answer, inputs, start, end);
    return answer;
  };
  if (rowCount > maxRows || door.prefersPieces) return door.pieces(batch, run, found, operation);
  const answer = await run(0, rowCount);
  toShadow(shared, call, found, () => copiedRows(shared, call, layout, batch));
  return timed(record, 'serialise', () => door.answer(answer, found));
}

/** Has a shadow answer, too, what was asked by the name of a model alone. */
function toShadow(
  { shadowing, record: { requestId } }: Shared,
  { name: operation, model }: Call,
  { manifest }: Found,
  copied: () => CopiedRequest | undefined,
): void {
  if (model === manifest.name) shadowing?.copy({ requestId, operation, manifest }, copied);
}
