/**
 * `map.bin`: training rows as points of a plane, for the playground.
 *
 * | bytes | what |
 * |---|---|
 * | 0 to 3 | `LMAP` in ASCII |
 * | 4 to 7 | length of the header in bytes, a multiple of 4: uint32 |
 * | from 8 | the header: JSON in UTF-8, padded with spaces |
 * | then | points: float32 `[points, 2]`, the coordinates that `reduce` answers for their rows |
 * | then | ids: uint32 `[points]`, the numbers of the rows in the data, from 0 |
 * | then | one array for each of `columns`: float32 `[points]`, NaN if missing; of a category, its index |
 * | then | rows of the first `rows.count` points: float32, or uint8 from `low` (0) to `high` (255) |
 *
 * All numbers are little-endian. The points are in random order, so that the first ones are a sample, too.
 */
import { InputError } from './errors.ts';

/** `maps/index.json` of the playground: the maps that it has, as `name/version`, each at `maps/{name}/{version}.bin`. */
export interface MapIndex {
  readonly data: 'private' | 'public';
  readonly maps: readonly string[];
}

const MAGIC = 'LMAP';
const VERSION = 1;
const START = 8;

export interface MapColumn {
  readonly name: string;
  /** `label`: what the data calls the class of a row; `judged`: its error or score; `column`: a column of the table. */
  readonly role: 'label' | 'judged' | 'column';
  /** Names of the values, if these are categories. */
  readonly categories?: readonly string[] | undefined;
}

interface Header {
  readonly version: typeof VERSION;
  /** Training rows are somebody's data. */
  readonly personalData: true;
  readonly points: number;
  /** The number of training rows that the points are a sample of. */
  readonly of: number;
  readonly columns: readonly MapColumn[];
  /** Rows without named columns, as `reconstruct` takes them; null if the columns are the row. */
  readonly rows: {
    readonly count: number;
    readonly width: number;
    readonly type: 'uint8' | 'float32';
    readonly low: number;
    readonly high: number;
  } | null;
}

export interface CodeMap extends Pick<Header, 'of' | 'columns' | 'rows'> {
  /** `[points, 2]`. */
  readonly coordinates: Float32Array;
  readonly ids: Uint32Array;
  /** One array for each column. */
  readonly values: readonly Float32Array[];
  /** `[rows.count, rows.width]`, as stored; empty without rows. */
  readonly stored: Uint8Array | Float32Array;
}

export function writeMap({ coordinates, ids, values, stored, ...described }: CodeMap): Uint8Array {
  const header: Header = { version: VERSION, personalData: true, points: ids.length, ...described };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 4) * 4;
  const parts = [coordinates, ids, ...values, stored];
  const bytes = new Uint8Array(START + length + parts.reduce((sum, part) => sum + part.byteLength, 0));
  bytes.fill(' '.charCodeAt(0), START, START + length);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(4, length, true);
  bytes.set(text, START);
  let at = START + length;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** @throws {InputError} if the bytes are no map, or one of a later release. */
export function readMap(bytes: Uint8Array<ArrayBuffer>): CodeMap {
  const refuse = (expected: string, received: unknown) =>
    new InputError(`map of codes: expected ${expected}, received ${received}`);
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < START)
    throw refuse(`a file that begins with ${MAGIC}`, JSON.stringify(magic));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (length > bytes.length - START) throw refuse(`a header of up to ${bytes.length} bytes`, length);
  const { points, columns, rows, of } = headerOf(bytes.subarray(START, START + length));
  const size = rows === null ? 0 : rows.count * rows.width;
  const stored = size * (rows?.type === 'uint8' ? 1 : 4);
  const expected = START + length + 4 * points * (3 + columns.length) + stored;
  // Checked before anything is allocated by what the header says.
  if (expected !== bytes.length) throw refuse(`${expected} bytes`, bytes.length);
  let at = START + length;
  /** A copy: the bytes may begin anywhere in their buffer. */
  const next = (count: number, width: number) => {
    const part = bytes.slice(at, at + count * width);
    at += count * width;
    return part.buffer;
  };
  return {
    ...{ of, columns, rows },
    coordinates: new Float32Array(next(2 * points, 4)),
    ids: new Uint32Array(next(points, 4)),
    values: columns.map(() => new Float32Array(next(points, 4))),
    stored: rows?.type === 'uint8' ? new Uint8Array(next(size, 1)) : new Float32Array(next(size, 4)),
  };
}

function headerOf(bytes: Uint8Array): Header {
  const header = JSON.parse(new TextDecoder().decode(bytes)) as Header;
  if (header.version === VERSION) return header;
  throw new InputError(
    `map of codes: expected version ${VERSION}, received ${header.version}; train the model and build the Worker by the same release`,
  );
}

/** Returns the row of a point as values; undefined if the map does not have it. */
export function storedRow({ rows, stored }: CodeMap, point: number): number[] | undefined {
  if (rows === null || point >= rows.count) return undefined;
  const { width, type, low, high } = rows;
  const values = Array.from(stored.subarray(point * width, (point + 1) * width));
  // The rounding of float32, so that what is a float32 number comes back as it was.
  return type === 'uint8' ? values.map((value) => Math.fround(low + (value / 255) * (high - low))) : values;
}
