/** Rows of numbers, read straight from the bytes of a JSON body: most bodies are nothing else. */
import type { Tensors } from '../../../shared/tensor.ts';
import { type NumberReader, numberReader } from './jsonNumber.ts';
import type { RowLayout } from './layout.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LETTER_N = 0x6e;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** Where nothing stands: no position of a body. */
const NOWHERE = -1;
const NULL = new TextEncoder().encode('null');

/**
 * Packs rows into a graph's inputs, as `packJsonRows` does with the parsed body, but without a text and a
 * list for each row, which take several times the memory of the body. Returns undefined for a body that is anything but `{"rows": [[1, ...], ...]}` with up to
 * `limit` rows of as many finite numbers as the model takes: then the body is to be parsed, which finds what is
 * wrong.
 */
export function packNumericJson(bytes: Uint8Array, layout: RowLayout, limit: number): Tensors | undefined {
  if (!isNumeric(layout)) return undefined;
  const start = startOfRows(bytes, layout.takes);
  const packed = start === undefined ? undefined : packRows(bytes, start, layout, limit);
  if (packed === undefined) return undefined;
  return inputsOf(packed, layout);
}

/**
 * Packs lines, each of which is one row `[1, ...]` of as many finite numbers as the model takes. Returns undefined if one
 * is anything else: then all are to be parsed.
 */
export function packNumericLines(lines: readonly Uint8Array[], layout: RowLayout): Tensors | undefined {
  if (!isNumeric(layout)) return undefined;
  const data = new Float32Array(lines.length * layout.width);
  for (const [row, line] of lines.entries()) {
    const end = packRow(line, numberReader(line), { start: 0, data, row }, layout);
    if (end === NOWHERE || afterSpaces(line, end) !== line.length) return undefined;
  }
  return inputsOf({ data, rowCount: lines.length }, layout);
}

function isNumeric({ hasBooleans, columns }: RowLayout): boolean {
  return !hasBooleans && columns.every(({ dtype }) => dtype === 'float32');
}

function inputsOf({ data, rowCount }: Packed, { width, input, columns }: RowLayout): Tensors {
  if (input !== undefined) return { [input]: { dtype: 'float32', data, shape: [rowCount, width] } };
  const shape = [rowCount, 1];
  const tensors = columns.map(({ input: name }, column) => {
    const values = new Float32Array(rowCount);
    for (let row = 0; row < rowCount; row++) values[row] = data[row * width + column]!;
    return [name, { dtype: 'float32', data: values, shape }] as const;
  });
  return Object.fromEntries(tensors);
}

/** Returns the position of the first row. */
function startOfRows(bytes: Uint8Array, takes: string): number | undefined {
  let i = expected(bytes, 0, OPEN_OBJECT);
  i = expected(bytes, i, QUOTE);
  for (let letter = 0; letter < takes.length; letter++)
    if (bytes[i++] !== takes.charCodeAt(letter)) return undefined;
  if (bytes[i++] !== QUOTE) return undefined;
  i = expected(bytes, expected(bytes, i, COLON), OPEN_LIST);
  return i === NOWHERE ? undefined : i;
}

interface Packed {
  /** `[rowCount, width]`. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly rowCount: number;
}

function packRows(bytes: Uint8Array, start: number, layout: RowLayout, limit: number): Packed | undefined {
  const { width } = layout;
  const numbers = numberReader(bytes);
  let data = new Float32Array(width);
  let i = start;
  for (let row = 0; row < limit; row++) {
    const first = row * width;
    if (first === data.length) {
      // Room for all rows, if those to come are about as long as those so far.
      const left = ((bytes.length - i) * row) / (i - start);
      data = grown(data, width * Math.max(2 * row, Math.ceil(row + 1.02 * left)));
    }
    i = packRow(bytes, numbers, { start: i, data, row }, layout);
    if (i === NOWHERE) return undefined;
    i = afterSpaces(bytes, i);
    if (bytes[i] === COMMA) {
      i++;
      continue;
    }
    i = expected(bytes, expected(bytes, i, CLOSE_LIST), CLOSE_OBJECT);
    if (afterSpaces(bytes, i) !== bytes.length) return undefined;
    return { data: data.subarray(0, first + width), rowCount: row + 1 };
  }
  return undefined;
}

/** Packs the row whose list begins at `start`, and returns the position after it; `NOWHERE` if it is another one. */
function packRow(
  bytes: Uint8Array,
  numbers: NumberReader,
  { start, data, row }: { readonly start: number; readonly data: Float32Array; readonly row: number },
  { width, isOptional }: RowLayout,
): number {
  const first = row * width;
  let i = expected(bytes, start, OPEN_LIST);
  for (let column = 0; column < width; column++) {
    if (bytes[i] === ZERO && bytes[i + 1] === COMMA && column < width - 1) {
      // Most rows of images, counts and indicators are zeros, and the memory is all zeros.
      i += 2;
      continue;
    }
    i = afterSpaces(bytes, i);
    if (bytes[i] === LETTER_N && isOptional(column) && isNull(bytes, i)) {
      // In graphs, a missing number is NaN.
      data[first + column] = Number.NaN;
      i += NULL.length;
    } else {
      data[first + column] = numbers.read(i);
      if (!Number.isFinite(data[first + column]!)) return NOWHERE;
      i = numbers.end;
    }
    i = expected(bytes, i, column === width - 1 ? CLOSE_LIST : COMMA);
  }
  return i;
}

function grown(data: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(length);
  larger.set(data);
  return larger;
}

function afterSpaces(bytes: Uint8Array, start: number): number {
  let i = start;
  while (isSpace(bytes[i]!)) i++;
  return i;
}

/** White space of JSON (RFC 8259, section 2). */
function isSpace(byte: number): boolean {
  return byte <= SPACE && (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB);
}

/** Returns the position after a character that may follow white space; `NOWHERE` if it is another one. */
function expected(bytes: Uint8Array, start: number, character: number): number {
  if (bytes[start] === character) return start + 1;
  const i = afterSpaces(bytes, start);
  return bytes[i] === character ? i + 1 : NOWHERE;
}

function isNull(bytes: Uint8Array, start: number): boolean {
  return NULL.every((letter, offset) => bytes[start + offset] === letter);
}
