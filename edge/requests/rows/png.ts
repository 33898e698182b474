/** Checks of a PNG file that bound the memory for decoding it, whatever sizes the file declares. */
import { type DecodedPng, decode } from 'fast-png';
import { Unzlib } from 'fflate';
import { concatenated } from '../../../shared/bytes.ts';

/** The image header (PNG specification, section 11.2.2). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR_BYTES = 13;
/** A chunk's length, type and checksum. */
const CHUNK_OVERHEAD = 12;
/** Values per pixel, by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/**
 * Chunks that determine the pixels. All others are left out: some hold compressed data of their own, such as
 * color profiles.
 */
const DECODED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/**
 * Number of compressed bytes that are unpacked at a time; deflate unpacks them to at most 1032 times as many.
 */
const STEP = 1024;

interface Chunk {
  readonly type: string;
  /** With its length, type and checksum. */
  readonly whole: Uint8Array<ArrayBuffer>;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Returns the size of the image, or undefined if the bytes do not begin like a PNG file. */
export function pngHeader(bytes: Uint8Array<ArrayBuffer>): PngHeader | undefined {
  if (bytes.length < 24 || !SIGNATURE.every((byte, i) => bytes[i] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Decodes a file. @throws {Error} if it is damaged, or not what its header declares. */
export function decodeBounded(bytes: Uint8Array<ArrayBuffer>): DecodedPng {
  return decode(boundedPng(bytes), { checkCrc: true });
}

/**
 * Returns the file with only the chunks that determine the pixels, after checking that they hold a single
 * image of the size that the header declares.
 * @throws {Error} for a second header, a chunk that is cut off, or pixels that unpack to more than the header declares.
 */
function boundedPng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunks = chunksOf(bytes);
  const [header, ...others] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== IHDR_BYTES)
    throw new Error(`expected the chunk IHDR of ${IHDR_BYTES} bytes first`);
  if (others.some(({ type }) => type === 'IHDR'))
    throw new Error('expected one chunk IHDR, received several');
  const pixels = concatenated(others.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  assertUnpacked(pixels, unpackedBytes(header.data));
  const decoded = chunks.filter(({ type }) => DECODED.has(type));
  return concatenated([bytes.subarray(0, SIGNATURE.length), ...decoded.map(({ whole }) => whole)]);
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < bytes.length && chunks.at(-1)?.type !== 'IEND'; ) {
    const left = bytes.length - at - CHUNK_OVERHEAD;
    const length = left < 0 ? 0 : view.getUint32(at);
    if (length > left) throw new Error(`a chunk is cut off at byte ${bytes.length}`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + length + CHUNK_OVERHEAD;
    chunks.push({ type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    at = end;
  }
  return chunks;
}

/**
 * Returns the maximum size of the pixels in bytes; each line of each interlacing pass starts with its filter
 * (section 7.2).
 */
function unpackedBytes(header: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(header.buffer, header.byteOffset);
  const channels = CHANNELS[header[9]!];
  if (channels === undefined) throw new Error(`expected a known colour type, received ${header[9]}`);
  const line = Math.ceil((view.getUint32(0) * channels * header[8]!) / 8);
  // The seven passes of an interlaced image have fewer than twice as many lines, each at most two bytes
  // longer.
  return (line + 4) * view.getUint32(4) + 16;
}

/** Unpacks in steps and drops the result, so that no more than one step beyond the limit is ever unpacked. */
function assertUnpacked(packed: Uint8Array<ArrayBuffer>, limit: number): void {
  let size = 0;
  const inflator = new Unzlib((part) => {
    size += part.length;
    if (size > limit)
      throw new Error(`the pixels unpack to more than the ${limit} bytes of the declared size`);
  });
  for (let at = 0; at < packed.length; at += STEP)
    inflator.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
}
