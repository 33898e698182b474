/** The heap of a WebAssembly memory under dlmalloc, Emscripten's default allocator. */

/**
 * Flags in the low bits of a chunk's size. A chunk begins with the size of a free predecessor, then its own
 * size.
 */
const [FLAGS, IN_USE, PREVIOUS_IN_USE] = [7, 2, 1];
/** Bytes between the start of a chunk and the address that `malloc` returns. */
export const HEADER = 8;
const MIN_CHUNK = 16;
/** Bytes of a free chunk that hold the links of dlmalloc's lists and trees. */
const LINKS = 24;

/** Bytes of a page of WebAssembly memory. */
export const PAGE_BYTES = 2 ** 16;
/** Pages of the memory that onnxruntime-web's factory makes. */
const FIRST_PAGES = 256;

export interface Chunk {
  readonly address: number;
  readonly bytes: number;
  readonly inUse: boolean;
}

/**
 * Returns every chunk of the heap in order. Chunks are adjacent, so they can be walked from the first one.
 *
 * @param bounds Possible starts of the heap: Emscripten places it after the stack, which a global of the
 * module points to.
 * @param allocated Addresses that `malloc` returned and that are not freed; the walk must meet all of them.
 * @throws {Error} if no walk does, because the allocator is not dlmalloc.
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
  throw new Error("expected the heap of dlmalloc, Emscripten's default allocator");
}

/** Fills free chunks with zeros, except for the allocator's own links. */
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

/** Returns the chunks that are in use in both lists and have the same content in both memories. */
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

/**
 * Merges adjacent chunks that are wanted into one, and returns the merged chunks. They must never be freed.
 */
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

/** Returns the end of the last page that the heap has come to; never less than the memory that there is at first. */
export function endOf(chunks: readonly Chunk[]): number {
  const { address, bytes } = chunks.at(-1)!;
  // Behind the last chunk are the allocator's last words.
  return PAGE_BYTES * Math.max(FIRST_PAGES, Math.ceil((address + bytes) / PAGE_BYTES));
}
