/** From the bytes of a body to a checked matrix. */
import type { z } from 'zod';
import { assertFinite, type Matrix, packRows, RowError } from '../shared/tensor.ts';
import type { MediaType } from './media.ts';
import { ProblemError } from './problems.ts';

/** What an operation's input must look like. */
export interface InputForm<Body> {
  readonly schema: z.ZodType<Body>;
  /** The member of the JSON body that holds the numbers. */
  readonly numbers: (body: Body) => readonly unknown[];
  /** Numbers in each row or code. */
  readonly width: number;
  readonly maxRows: number;
}

/** How each form of body is read; the result is finite, `width` wide and has 1 to `maxRows` rows. */
export const READERS = {
  'application/json': readJson,
  'application/octet-stream': readBinary,
} satisfies Record<MediaType, <Body>(bytes: Uint8Array<ArrayBuffer>, form: InputForm<Body>) => Matrix>;

/** Zod names every unknown member in its message, however many there are. */
const MAX_DETAIL = 300;

function readJson<Body>(bytes: Uint8Array<ArrayBuffer>, form: InputForm<Body>): Matrix {
  const result = form.schema.safeParse(parseJson(bytes));
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw new ProblemError('invalid-body', { detail: issues.join('; ').slice(0, MAX_DETAIL) });
  }
  const rows = form.numbers(result.data);
  assertRowCount(rows.length, form.maxRows);
  return locating(() => packRows(rows, form.width));
}

/** RFC 8259, section 8.1: JSON is UTF-8, and a byte sequence that is not is an error, not a replacement character. */
function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    throw new ProblemError(
      'malformed-json',
      { detail: `The body does not parse as JSON: ${reason}` },
      { cause },
    );
  }
}

function readBinary<Body>(bytes: Uint8Array<ArrayBuffer>, form: InputForm<Body>): Matrix {
  const rowBytes = form.width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length % rowBytes !== 0) {
    const expected = `a multiple of ${rowBytes} bytes`;
    const received = `${bytes.length} bytes`;
    const detail = `A row is ${form.width} float32 values: expected ${expected}, received ${received}.`;
    throw new ProblemError('wrong-shape', { detail, expected, received });
  }
  const rowCount = bytes.length / rowBytes;
  assertRowCount(rowCount, form.maxRows);
  // Workers run on little-endian machines only, so the bytes are the values.
  const matrix = { data: new Float32Array(bytes.buffer), rowCount, width: form.width };
  locating(() => assertFinite(matrix));
  return matrix;
}

function assertRowCount(rowCount: number, maxRows: number): void {
  if (rowCount === 0) {
    throw new ProblemError('empty-batch', { detail: 'Send at least one row.', received: '0 rows' });
  }
  if (rowCount > maxRows) {
    throw new ProblemError('too-many-rows', {
      detail: `A request may carry ${maxRows} rows; received ${rowCount}.`,
      received: `${rowCount} rows`,
      limit: maxRows,
    });
  }
}

/** Reports a `RowError` as the problem it is: a whole row is wrong in shape, a value in a row is a wrong number. */
function locating<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RowError)) throw cause;
    const { message: detail, expected, received, row, column } = cause;
    if (column === undefined)
      throw new ProblemError('wrong-shape', { detail, expected, received, row }, { cause });
    throw new ProblemError('invalid-number', { detail, expected, received, row, column }, { cause });
  }
}
