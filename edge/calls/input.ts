/** Conversion of the arguments of a call to the input of its operation. */
import * as z from 'zod';
import { fnv1a } from '../../shared/hash.ts';
import { describeJson, type Tensors } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { Found } from '../requests/invoke.ts';
import type { Operation, RowsOperation } from '../requests/operation.ts';
import { checkedBody } from '../requests/parseBody.ts';
import { batchOf } from '../requests/readRows.ts';
import { assertCount } from '../requests/rowLimit.ts';
import type { Batch } from '../requests/rows/batch.ts';
import { packFloatRows } from '../requests/rows/binary.ts';
import { rowFaults } from '../requests/rows/faults.ts';
import { packJsonRows } from '../requests/rows/json.ts';
import type { RowLayout } from '../requests/rows/layout.ts';
import type { Limits } from '../settings.ts';
import type { FloatRows } from './types.ts';

/** Options of a call, separated by their place in a request over HTTP. */
export interface PartedOptions {
  readonly canaryKey: string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  /** Members of the body other than the rows. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** @throws {ProblemError} `invalid-query` if the options are not an object. */
export function partedOptions({ query: schema }: Operation, options: unknown = {}): PartedOptions {
  if (typeof options !== 'object' || options === null) {
    const detail = `expected an object of options, received ${describeJson(options)}`;
    throw new ProblemError('invalid-query', { detail });
  }
  const { canaryKey, ...own } = options as { readonly canaryKey?: string };
  const isParameter = (name: string) => schema instanceof z.ZodObject && name in schema.shape;
  const entries = Object.entries(own);
  return {
    canaryKey,
    query: Object.fromEntries(entries.filter(([name]) => isParameter(name))),
    members: Object.fromEntries(entries.filter(([name]) => !isParameter(name))),
  };
}

/** Returns the values of rows that are given as float32; undefined for rows of any other form. */
export function floatsOf(
  rows: unknown,
): Exclude<FloatRows, Float32Array> | { data: Float32Array } | undefined {
  if (rows instanceof Float32Array) return { data: rows };
  const { data } = (rows ?? {}) as Partial<Record<'data', unknown>>;
  return data instanceof Float32Array ? (rows as Exclude<FloatRows, Float32Array>) : undefined;
}

/**
 * Returns the checked inputs of the operation's graph for the rows of a call.
 * @throws {ProblemError} naming what is wrong with them.
 */
export function rowsOf(
  operation: RowsOperation,
  layout: RowLayout,
  { rows, members }: { readonly rows: unknown; readonly members: PartedOptions['members'] },
  { manifest, maxRows }: Found,
  { maxStreamedRows }: Limits,
): Batch {
  const floats = floatsOf(rows);
  const listed = floats ? [] : rows;
  const body = checkedBody(operation.body, { [operation.takes]: listed, ...members });
  const faults = rowFaults();
  const packed = (inputs: Tensors) => ({ inputs, body, faults });
  // As over HTTP: a list of answers is held in memory as a whole, and float32 values are much smaller.
  if (floats) {
    if ('width' in floats) assertWidth(floats.width, layout.width);
    const inputs = packFloatRows(floats.data as Float32Array<ArrayBuffer>, layout, faults.refuse);
    return batchOf(operation, manifest, packed(inputs), maxStreamedRows);
  }
  assertCount((listed as readonly unknown[]).length, maxRows);
  const inputs = packJsonRows(listed as readonly unknown[], layout, faults.refuse);
  return batchOf(operation, manifest, packed(inputs), maxRows);
}

function assertWidth(received: number, expected: number): void {
  if (received === expected) return;
  const detail = `A row has ${expected} values: expected a width of ${expected}, received ${received}.`;
  throw new ProblemError('wrong-shape', { detail, expected: `${expected}`, received: `${received}` });
}

/** Returns the canary key of a call without one: equal inputs are answered by the same version. */
export function routingKeyOf(input: unknown): string {
  const floats = floatsOf(input);
  if (!floats) return `${fnv1a(new TextEncoder().encode(JSON.stringify(input)))}`;
  const { buffer, byteOffset, byteLength } = floats.data;
  return `${fnv1a(new Uint8Array(buffer, byteOffset, byteLength))}`;
}
