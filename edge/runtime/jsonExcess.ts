/**
 * Limits on JSON, checked before it is parsed: once parsed, it would already fill the memory.
 */

/** Requests with images in the inference protocol nest 8 levels. */
export const MAX_DEPTH = 16;
/**
 * Arrays and objects together. Each takes about 50 bytes of an isolate's 128 MB, but as little as 2 bytes of
 * JSON.
 */
export const MAX_CONTAINERS = 250_000;
/** Different names of members. Each takes about 100 bytes, but as little as 6 bytes of JSON. */
export const MAX_NAMES = 100_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
/** `[` and `{`, which differ in one bit, as `]` and `}` do. */
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CASE_BIT = 0x20;

/**
 * Returns what the bytes of some JSON have too much of; undefined if it can be parsed. The parser itself does
 * not overflow, but 8 MiB of `[` take it seconds and hundreds of megabytes. Malformed JSON is left to the
 * parser.
 *
 * @example
 * if (excessOf(bytes) === undefined) JSON.parse(new TextDecoder().decode(bytes));
 */
export function excessOf(bytes: Uint8Array): string | undefined {
  const names = bytes.length > 6 * MAX_NAMES ? nameCounter(bytes) : undefined;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      const end = endOfString(bytes, i);
      if (names && names(i, end) > MAX_NAMES) return `has more than ${MAX_NAMES} different names of members`;
      i = end;
    } else if ((byte | CASE_BIT) === OPEN) {
      depth++;
      containers++;
      if (depth > MAX_DEPTH) return `nests deeper than ${MAX_DEPTH} levels`;
      if (containers > MAX_CONTAINERS) return `has more than ${MAX_CONTAINERS} arrays and objects`;
    } else if ((byte | CASE_BIT) === CLOSE) {
      depth--;
    }
  }
  return undefined;
}

/**
 * Returns the position of the quote that closes the string at `start`; in UTF-8, no other character contains
 * its byte.
 */
function endOfString(bytes: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** Bits of hashes: enough that few of the names that are let through share one. */
const HASH_BITS = 22;

/**
 * Counts different names, by a bit for each hash. Names that share a bit are counted once, which lets a few
 * more through.
 */
function nameCounter(bytes: Uint8Array): (start: number, end: number) => number {
  const seen = new Uint8Array(2 ** (HASH_BITS - 3));
  let count = 0;
  return (start, end) => {
    let next = end + 1;
    while (next < bytes.length && bytes[next]! <= SPACE) next++;
    if (bytes[next] !== COLON) return count;
    let hash = 0x811c9dc5;
    for (let i = start + 1; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const bit = (hash ^ (hash >>> 15)) & (2 ** HASH_BITS - 1);
    const mask = 1 << (bit & 7);
    if ((seen[bit >>> 3]! & mask) === 0) count++;
    seen[bit >>> 3]! |= mask;
    return count;
  };
}
