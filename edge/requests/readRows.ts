/** Reading the rows of a request, in any media type. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Tensors } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { Limits } from '../settings.ts';
import type { Found } from './invoke.ts';
import { BINARY_TYPE, type JSON_TYPE, PNG_TYPE, type REQUEST_TYPES } from './media.ts';
import type { RowsOperation } from './operation.ts';
import { parseBody } from './parseBody.ts';
import { assertCount } from './rowLimit.ts';
import { type Batch, rowCountOf, withStandIns } from './rows/batch.ts';
import { packBinaryRows } from './rows/binary.ts';
import { type RowFaults, rowFaults } from './rows/faults.ts';
import { packImage } from './rows/image.ts';
import { packJsonRows } from './rows/json.ts';
import type { RowLayout } from './rows/layout.ts';
import { packNumericJson } from './rows/numericJson.ts';

/** A request whose body has arrived but is not parsed yet. */
interface Received {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestType: (typeof REQUEST_TYPES)['rows'][number];
}

/**
 * Returns checked inputs of the operation's graph, for at least one row that can be answered.
 * @throws {ProblemError} for a body that is wrong as a whole, or the problem of its first row if no row can
 * be answered.
 */
export function readRows(
  operation: RowsOperation,
  layout: RowLayout,
  { bytes, requestType }: Received,
  { manifest }: Found,
  { maxStreamedRows: limit }: Limits,
): Batch {
  const { takes, body: schema } = operation;
  const faults = rowFaults();
  const packed = (inputs: Tensors, body?: unknown): Batch =>
    batchOf(operation, manifest, { inputs, body, faults }, limit);
  if (requestType === BINARY_TYPE) return packed(packBinaryRows(bytes, layout, faults.refuse));
  if (requestType === PNG_TYPE) return packed(packImage(bytes, manifest, layout));
  requestType satisfies typeof JSON_TYPE;
  const numeric = packNumericJson(bytes, layout, limit);
  if (numeric) return packed(numeric);
  const body = parseBody(schema, bytes);
  const rows = (body as Readonly<Record<string, readonly unknown[]>>)[takes]!;
  assertCount(rows.length, limit);
  return packed(packJsonRows(rows, layout, faults.refuse), body);
}

/** Rows as they were read. */
interface PackedRows {
  readonly inputs: Tensors;
  /** The JSON body that they were in. */
  readonly body: unknown;
  readonly faults: RowFaults;
}

/**
 * Returns packed rows with the operation's other inputs.
 * @throws {ProblemError} `empty-batch` without any row, `too-many-rows` for more than `limit`, and the
 * problem of the first row if no row can be answered.
 */
export function batchOf(
  { others }: RowsOperation,
  manifest: Manifest,
  { inputs, body, faults }: PackedRows,
  limit: number,
): Batch {
  const rowCount = rowCountOf(inputs);
  if (rowCount === 0) {
    throw new ProblemError('empty-batch', { detail: 'Send at least one row.', received: '0 rows' });
  }
  assertCount(rowCount, limit);
  const all = { ...inputs, ...others?.(manifest, rowCount, body, faults.refuse) };
  faults.assertAny(rowCount);
  return { inputs: faults.count === 0 ? all : withStandIns(all, rowCount, faults), rowCount, faults };
}
