/** Encoding a memory as an image: the pieces that are not zero, with repeated ones stored once. */
import { FILLED, LITERAL, UNREAD } from '../../edge/runtime/frozen/image.ts';

/**
 * Pieces begin and end at multiples of this many bytes. A gap of less than two blocks of zeros does not end a
 * piece.
 */
const BLOCK = 64;
/** Bytes from which on a copy of earlier memory is worth its own entry. */
const MIN_COPY = 512;
/**
 * Bytes of the windows by which copies are found. Those of earlier memory begin at its multiples, as allocations of
 * weights do; those that are looked for, at multiples of `STEP`.
 */
const WINDOW = 64;
const STEP = 8;

interface Piece {
  readonly address: number;
  readonly length: number;
  /** `LITERAL`, `FILLED`, or the address of the same bytes earlier in memory. */
  readonly same: number;
}

/**
 * Encodes the image that `thaw` reads. Memory holds the same weights several times, since an autoencoder
 * contains its encoder and decoder, and compression does not look back far enough to notice that.
 */
export function encodeImage(memory: Uint8Array): Uint8Array<ArrayBuffer> {
  return encoded(memory, withCopies(memory, filledPieces(memory)));
}

/** Encodes an image that is as large as the memory, at once. */
export function encodeWhole(memory: Uint8Array): Uint8Array<ArrayBuffer> {
  return encoded(memory, [{ address: 0, length: memory.length, same: LITERAL }]);
}

function encoded(memory: Uint8Array, pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const table = Uint32Array.from([
    pieces.length,
    ...pieces.flatMap(({ address, length, same }) => [address, length, same]),
  ]);
  const literals = pieces.filter(({ same }) => same === LITERAL);
  const image = new Uint8Array(table.byteLength + literals.reduce((sum, { length }) => sum + length, 0));
  image.set(new Uint8Array(table.buffer));
  let offset = table.byteLength;
  for (const { address, length } of literals) {
    image.set(memory.subarray(address, address + length), offset);
    offset += length;
  }
  return image;
}

function filledPieces(memory: Uint8Array): Piece[] {
  const words = new BigInt64Array(memory.buffer, memory.byteOffset, memory.length / 8);
  const pieces: { address: number; length: number; same: number }[] = [];
  for (let address = 0; address < memory.length; address += BLOCK) {
    const kind = kindOf(words.subarray(address / 8, (address + BLOCK) / 8));
    if (kind === undefined) continue;
    const last = pieces.at(-1);
    const gap = last ? address - last.address - last.length : Number.POSITIVE_INFINITY;
    const isSame = last?.same === kind && (gap === 0 || (kind === LITERAL && gap < 2 * BLOCK));
    if (isSame) last.length = address + BLOCK - last.address;
    else pieces.push({ address, length: BLOCK, same: kind });
  }
  return pieces;
}

/** Returns the kind of a block; undefined if it is all zeros. */
function kindOf(words: BigInt64Array): number | undefined {
  const [first] = words;
  if ((first !== 0n && first !== ALL_UNREAD) || !words.every((word) => word === first)) return LITERAL;
  return first === 0n ? undefined : FILLED;
}

const ALL_UNREAD = BigInt.asIntN(64, BigInt(UNREAD) * 0x0101_0101_0101_0101n);

/** Splits pieces into copies of earlier memory and literals. */
function withCopies(memory: Uint8Array, pieces: readonly Piece[]): Piece[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const seen = new EarlierWindows(memory.length / WINDOW);
  const result: Piece[] = [];
  for (const piece of pieces) {
    const { address, length } = piece;
    if (piece.same === FILLED) {
      result.push(piece);
      continue;
    }
    const end = address + length;
    let start = address;
    for (let at = address; at + WINDOW <= end; ) {
      const hash = hashOf(words, at);
      const earlier = seen.at(hash);
      const copied = earlier === undefined ? undefined : commonRange(words, earlier, at, start, end);
      if (copied === undefined || copied.length < MIN_COPY) {
        if (at % WINDOW === 0 && earlier === undefined) seen.add(hash, at);
        at += STEP;
        continue;
      }
      const from = at - copied.before;
      if (from > start) result.push({ address: start, length: from - start, same: LITERAL });
      result.push({ address: from, length: copied.length, same: earlier! - copied.before });
      at = from + copied.length;
      start = at;
    }
    if (end > start) result.push({ address: start, length: end - start, same: LITERAL });
  }
  return result;
}

/** Addresses of windows by their hashes, in a table that is far smaller than a `Map` of millions of entries. */
class EarlierWindows {
  readonly #addresses: Uint32Array;
  readonly #shift: number;

  constructor(windows: number) {
    const bits = Math.max(8, Math.ceil(Math.log2(windows)) + 1);
    this.#addresses = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** Undefined if there is none; one of another hash may be returned in its place. */
  at(hash: number): number | undefined {
    // No piece begins at 0, which Emscripten keeps free.
    return this.#addresses[hash >>> this.#shift] || undefined;
  }

  add(hash: number, address: number): void {
    this.#addresses[hash >>> this.#shift] = address;
  }
}

/**
 * Returns the bytes, in whole steps, that are equal around `earlier` and `at`, from `start` to `end`: how many of them
 * precede `at`, and how many they are in all. A copy must not overlap its source.
 */
function commonRange(words: Uint32Array, earlier: number, at: number, start: number, end: number) {
  const same = (offset: number) => words[(earlier + offset) >>> 2] === words[(at + offset) >>> 2];
  const most = Math.min(end - at, at - earlier);
  let after = 0;
  while (after + 4 <= most && same(after)) after += 4;
  after -= after % STEP;
  const first = Math.max(start - at, after - (at - earlier), -earlier);
  let before = 0;
  while (before - STEP >= first && same(before - 4) && same(before - STEP)) before -= STEP;
  return { before: -before, length: after - before };
}

/** FNV-1a hash of the words of a window. */
function hashOf(words: Uint32Array, at: number): number {
  let hash = 0x811c9dc5;
  for (let i = at >>> 2; i < (at + WINDOW) >>> 2; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}
