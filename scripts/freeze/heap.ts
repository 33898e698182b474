/** The heap of a WebAssembly memory under dlmalloc, Emscripten's default allocator. */

/** A chunk begins with the size of a free one before it, and with its own size and flags. */
const [FLAGS, IN_USE, PREVIOUS_IN_USE] = [7, 2, 1];
/** Bytes before what `malloc` answers. */
export const HEADER = 8;
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

/** The chunks in use that both lists have and that hold the same in both memories. */
export function unchanged(
  [before, earlier]: readonly [Uint8Array, readonly Chunk[]],
  [after, later]: readonly [Uint8Array, readonly Chunk[]],
): Chunk[] {
  const known = new Map(earlier.filter(({ inUse }) => inUse).map(({ address, bytes }) => [address, bytes]));
  return later.filter(({ address, bytes, inUse }) => {
    if (!inUse || known.get(address) !== bytes) return false;
    const [start, end] = [address + HEADER, address + bytes];
    return Buffer.compare(before.subarray(start, end), after.subarray(start, end)) === 0;
  });
}

/** Makes one chunk of those that touch and for which `isWanted`, and answers these: they are never freed. */
export function merge(
  memory: Uint8Array<ArrayBuffer>,
  chunks: readonly Chunk[],
  isWanted: (chunk: Chunk) => boolean,
): Chunk[] {
  const words = new Uint32Array(memory.buffer);
  const merged: { address: number; bytes: number; inUse: boolean }[] = [];
  for (const chunk of chunks) {
    if (!isWanted(chunk)) continue;
    const last = merged.at(-1);
    if (last && last.address + last.bytes === chunk.address) last.bytes += chunk.bytes;
    else merged.push({ ...chunk });
  }
  for (const { address, bytes } of merged) {
    const head = (address >>> 2) + 1;
    words[head] = bytes | (words[head]! & FLAGS);
  }
  return merged;
}
