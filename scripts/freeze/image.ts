/** The bytes of an image: what is not zero in a memory, each long piece once. */
import { FILLED, LITERAL, UNREAD } from '../../edge/runtime/frozen/image.ts';

/** Pieces begin and end at multiples of this; zeros between them of less than two are part of a piece. */
const BLOCK = 64;
/** A copy of what is earlier in memory is worth an entry of its own from here on. */
const MIN_COPY = 512;
/** Copies are found by pieces of this size, of which each begins at a multiple of `STEP`. */
const WINDOW = 64;
const STEP = 8;

interface Piece {
  readonly address: number;
  readonly length: number;
  /** `LITERAL`, `FILLED`, or where the same bytes are earlier in memory. */
  readonly same: number;
}

/**
 * Writes the image that `writeImage` reads. Models hold the same weights several times: an autoencoder is its encoder and its
 * decoder, and compression does not look back far enough to see it.
 */
export function imageOf(memory: Uint8Array): Uint8Array<ArrayBuffer> {
  const pieces = withCopies(memory, filledPieces(memory));
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

/** Of a block: undefined where it is all zeros. */
function kindOf(words: BigInt64Array): number | undefined {
  const [first] = words;
  if ((first !== 0n && first !== ALL_UNREAD) || !words.every((word) => word === first)) return LITERAL;
  return first === 0n ? undefined : FILLED;
}

const ALL_UNREAD = BigInt.asIntN(64, BigInt(UNREAD) * 0x0101_0101_0101_0101n);

/** The same pieces, cut where they hold what is earlier in memory. */
function withCopies(memory: Uint8Array, pieces: readonly Piece[]): Piece[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const seen = new Map<number, number>();
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
      const earlier = seen.get(hash);
      const copied = earlier === undefined ? 0 : commonLength(words, earlier, at, end);
      if (copied < MIN_COPY) {
        if (earlier === undefined) seen.set(hash, at);
        at += STEP;
        continue;
      }
      if (at > start) result.push({ address: start, length: at - start, same: LITERAL });
      result.push({ address: at, length: copied, same: earlier! });
      at += copied;
      start = at;
    }
    if (end > start) result.push({ address: start, length: end - start, same: LITERAL });
  }
  return result;
}

/** How many bytes from `earlier` on are the same as from `at` on, in whole steps: those of the copy must be there before it. */
function commonLength(words: Uint32Array, earlier: number, at: number, end: number): number {
  const most = Math.min(end - at, at - earlier);
  let length = 0;
  while (length + 4 <= most && words[(earlier + length) >>> 2] === words[(at + length) >>> 2]) length += 4;
  return length - (length % STEP);
}

/** FNV-1a over the words of a window; nothing of its own for zeros, which are everywhere. */
function hashOf(words: Uint32Array, at: number): number {
  let hash = 0x811c9dc5;
  for (let i = at >>> 2; i < (at + WINDOW) >>> 2; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}
