/** Limits on the size to which packed files may unpack, whatever sizes they declare. */
import { constants, gunzipSync, inflateRawSync } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';

/** Deflate packs at most this many bytes into one (RFC 1951: 258 bytes in 2 bits). */
const MAX_RATIO = 1032;
/** Number of packed bytes that are unpacked to read a header; they hold at most 4 MiB. */
const HEAD_BYTES = 4096;
/** Largest number of unpacked bytes of one array. */
export const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;

const UNPACK = { gzip: gunzipSync, deflate: inflateRawSync } as const;

/** Returns the number of bytes of the whole content, according to the header at its start. */
export type SizeInHeader = (start: Buffer) => number;

/**
 * Returns the size that the header of packed content declares, after checking that the content can have that
 * size. `source` names the file in messages.
 * @throws {InputError} if the packed bytes cannot hold that much, or it is more than one array may have.
 */
export function plausibleSize(
  packed: Uint8Array,
  format: keyof typeof UNPACK,
  sizeInHeader: SizeInHeader,
  source: string,
): number {
  // The content is incomplete, but its start is enough.
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  const size = sizeInHeader(UNPACK[format](packed.subarray(0, HEAD_BYTES), options));
  assertPlausible(size, packed.length, source);
  return size;
}

/** @throws {InputError} if `packed` bytes cannot unpack to `size` bytes, or these are more than one array may have. */
function assertPlausible(size: number, packed: number, source: string): void {
  if (size > packed * MAX_RATIO)
    throw new InputError(
      `${source}: expected packed bytes that unpack to the declared ${size} bytes; received ${packed} bytes, which cannot hold them; the file is damaged`,
    );
  if (size > MAX_UNPACKED_BYTES)
    throw new InputError(
      `${source}: expected an array of up to ${MAX_UNPACKED_BYTES} bytes, received one of ${size}; split it into several files, or convert it to Parquet`,
    );
}
