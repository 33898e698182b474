/** Hashes of rows: they find copies, and rows that a model has seen, without keeping any row. */
import { fnv1a } from '../../shared/hash.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import { columnsOf } from './entries.ts';
import type { Column, Table } from './table.ts';

/** Two independent 32-bit hashes per row. */
export interface RowHashes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Hashes rows by the names and values of their columns; the order of the columns does not matter. */
export function hashTable({ rowCount, columns }: Pick<Table, 'rowCount' | 'columns'>): RowHashes {
  const hashes = { high: new Uint32Array(rowCount), low: new Uint32Array(rowCount) };
  for (const column of columns) {
    const name = fnv1a(new TextEncoder().encode(column.name));
    const bitsOf = cellBits(column);
    for (let row = 0; row < rowCount; row++) add(hashes, row, name, bitsOf(row));
  }
  return hashes;
}

/** Hashes rows by texts, one for each. */
export function hashTexts(texts: readonly string[]): RowHashes {
  const hashes = { high: new Uint32Array(texts.length), low: new Uint32Array(texts.length) };
  for (const [row, text] of texts.entries()) add(hashes, row, fnv1a(new TextEncoder().encode(text)), 1);
  return hashes;
}

/** Hashes rows by their values, or sparse ones by the names of the columns that are not 0. */
export function hashRows(rows: Rows, names: readonly string[] | null): RowHashes {
  const { rowCount, width } = rows;
  const hashes = { high: new Uint32Array(rowCount), low: new Uint32Array(rowCount) };
  const own = Uint32Array.from({ length: width }, (_, column) =>
    names === null ? column : fnv1a(new TextEncoder().encode(names[column])),
  );
  if (isSparse(rows)) {
    for (let row = 0; row < rowCount; row++)
      for (const column of columnsOf(rows, row)) add(hashes, row, own[column]!, 1);
    return hashes;
  }
  const bits = new Uint32Array(rows.data.buffer, rows.data.byteOffset, rows.data.length);
  for (let row = 0, at = 0; row < rowCount; row++)
    for (let column = 0; column < width; column++) add(hashes, row, own[column]!, bits[at++]!);
  return hashes;
}

/** A sum, so that the order of the columns does not matter. */
function add({ high, low }: RowHashes, row: number, name: number, value: number): void {
  high[row]! += mixed(name ^ mixed(value));
  low[row]! += mixed((name + 0x9e3779b9) ^ mixed(value ^ 0x85ebca6b));
}

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of the argument. */
export function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Numbers count as equal if they are in float32, the precision that models take. */
function cellBits(column: Column): (row: number) => number {
  if (column.type === 'category') {
    const { codes, categories } = column;
    const known = categories.map((category) => fnv1a(new TextEncoder().encode(category)));
    return (row) => known[codes[row]!] ?? 0;
  }
  const { values } = column;
  const [float] = [new Float32Array(1)];
  const bits = new Uint32Array(float.buffer);
  return (row) => {
    float[0] = values[row]!;
    return bits[0]!;
  };
}

/** Most rows that are counted exactly. */
const MOST_COUNTED = 1_000_000;

/**
 * Counts distinct rows. In more than a million rows, counts those whose hash falls into a share of all hashes:
 * copies of a row are then either all counted or not at all.
 */
export function countDistinct({ high, low }: RowHashes, count = high.length): number {
  const every = Math.ceil(count / MOST_COUNTED);
  const keys = new Float64Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++)
    if (low[row]! % every === 0) keys[kept++] = (high[row]! & 0x1fffff) * 2 ** 32 + low[row]!;
  // Sorted numbers take a fraction of the time and memory of a set.
  const ascending = keys.subarray(0, kept).sort();
  let distinct = 0;
  for (let i = 0; i < kept; i++) if (i === 0 || ascending[i] !== ascending[i - 1]) distinct++;
  return distinct * every;
}
