/** IDX files, gzipped or not: the format of the MNIST database (yann.lecun.com/exdb/mnist, "file format"). */
import { InputError } from '../../shared/errors.ts';
import { readMaybeGzipped } from './gzip.ts';

/** Unsigned bytes with their dimensions, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads one IDX file of unsigned bytes.
 * @throws {InputError} if the file is missing, damaged or of another type.
 */
export async function readIdx(path: string): Promise<IdxArray> {
  const bytes = await readMaybeGzipped(path, (start) => parseHeader(start, path).size);
  const { shape, header, size } = parseHeader(bytes, path);
  if (bytes.length !== size) {
    throw new InputError(
      `${path}: expected ${size - header} bytes for shape [${shape}], received ${bytes.length - header}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/** Returns the shape, the bytes of the header, and those of the whole file. */
function parseHeader(bytes: Buffer, path: string) {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0 || bytes[2] !== UNSIGNED_BYTE) {
    const start = bytes.subarray(0, 4).toString('hex');
    throw new InputError(
      `${path}: expected an IDX file of unsigned bytes (starts with 000008), received ${start}`,
    );
  }
  const rank = bytes[3]!;
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new InputError(
      `${path}: expected a header of ${header} bytes, received ${bytes.length} bytes in all`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  if (shape.includes(0)) {
    throw new InputError(
      `${path}: expected rows of one value or more, received an empty array of shape [${shape}]`,
    );
  }
  return { shape, header, size: shape.reduce((product, size) => product * size, 1) + header };
}
