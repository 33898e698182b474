/**
 * Limits on the nesting of JSON, checked before parsing: once parsed, the body would already fill the memory.
 */
import { ProblemError } from '../problems.ts';

/** Requests with images in the inference protocol nest 8 levels. */
export const MAX_DEPTH = 16;
/**
 * Arrays and objects together. Each takes about 50 bytes of an isolate's 128 MB, but as little as 2 bytes of
 * JSON.
 */
export const MAX_CONTAINERS = 250_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, which differ in one bit, as `]` and `}` do. */
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CASE_BIT = 0x20;

/**
 * Checks the bytes of JSON before it is parsed. The parser itself does not overflow, but 8 MiB of `[` take it
 * seconds and hundreds of megabytes. Malformed JSON is left to the parser.
 * @throws {ProblemError} `invalid-body`.
 *
 * @example
 * assertNesting(bytes);
 * const body = JSON.parse(new TextDecoder().decode(bytes));
 */
export function assertNesting(bytes: Uint8Array): void {
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
    } else if ((byte | CASE_BIT) === OPEN) {
      depth++;
      containers++;
      if (depth > MAX_DEPTH) throw tooNested(`nests deeper than ${MAX_DEPTH} levels`);
      if (containers > MAX_CONTAINERS) throw tooNested(`has more than ${MAX_CONTAINERS} arrays and objects`);
    } else if ((byte | CASE_BIT) === CLOSE) {
      depth--;
    }
  }
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

function tooNested(what: string): ProblemError {
  return new ProblemError('invalid-body', { detail: `The body ${what}.` });
}
