/** The heap of a WebAssembly memory under dlmalloc, Emscripten's default allocator. */

/** A chunk begins with the size of a free one before it, and with its own size and flags. */
const [HEADER, FLAGS, IN_USE, PREVIOUS_IN_USE] = [8, 7, 2, 1];
const MIN_CHUNK = 16;
/** The lists and trees that a free chunk is part of. */
const LINKS = 24;

export interface Chunk {
  readonly address: number;
  readonly bytes: number;
  readonly inUse: boolean;
}

/**
 * Every chunk, from the first to the one that the heap ends with: they touch, so that they can be walked from the first.
 *
 * @param bounds Where it may begin: Emscripten lays the heap out after the stack, at which a global of the module points.
 * @param allocated What `malloc` has answered, and is not freed: all of it must be on the way.
 * @throws {Error} where there is no such way: the allocator is another one.
 */
export function chunksOf(
  memory: ArrayBufferLike,
  bounds: readonly number[],
  allocated: readonly number[],
): Chunk[] {
  const words = new Uint32Array(memory);
  for (const bound of bounds) {
    for (const start of [bound, bound + HEADER]) {
      const chunks = walk(words, start);
      const addresses = new Set(chunks.map(({ address }) => address + HEADER));
      if (allocated.every((address) => addresses.has(address))) return chunks;
    }
  }
  throw new Error('expected the heap of dlmalloc, which Emscripten uses unless it is told otherwise');
}

/** Zeroes what is not in use, but for the allocator's own links. */
export function clearFree(memory: ArrayBufferLike, chunks: readonly Chunk[]): void {
  const bytes = new Uint8Array(memory);
  for (const { address, bytes: length, inUse } of chunks) {
    if (!inUse && length > HEADER + LINKS) bytes.fill(0, address + HEADER + LINKS, address + length);
  }
}

function walk(words: Uint32Array, start: number): Chunk[] {
  const chunks: Chunk[] = [];
  let address = start;
  for (let wasInUse: boolean | undefined; ; ) {
    const head = words[(address >>> 2) + 1];
    if (head === undefined) return chunks;
    const bytes = head & ~FLAGS;
    const inUse = (head & IN_USE) !== 0;
    const isBroken = wasInUse !== undefined && wasInUse !== ((head & PREVIOUS_IN_USE) !== 0);
    if (isBroken || bytes < MIN_CHUNK || address + bytes > words.byteLength) return chunks;
    chunks.push({ address, bytes, inUse });
    wasInUse = inUse;
    address += bytes;
  }
}
