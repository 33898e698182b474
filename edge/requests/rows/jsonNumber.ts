/**
 * Numbers of JSON text, read from its bytes as float32: the same as `Math.fround(JSON.parse(text))`, without a
 * text or a list of boxed values in between.
 */

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const CASE_BIT = 0x20;

/** Digits that are read: as many as an integer that float64 holds exactly may have. */
const MAX_DIGITS = 15;
/** Digits that an integer of 32 bits may have. */
const HALF = 8;
/** Powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Further digits make a number larger by less than this factor. */
const NEXT = 1 + 10 ** (1 - MAX_DIGITS);
/** More than the rounding errors of two operations. */
const BELOW = 1 - 2 ** -51;
const ABOVE = NEXT * (1 + 2 ** -51);

/** Reads numbers one after the other. */
export interface NumberReader {
  /**
   * Reads the number that starts at a position; NaN if what stands there is no number of JSON (RFC 8259,
   * section 6). It is to be stored as float32: rounded to that, it is the nearest float32 to the nearest float64.
   */
  read(start: number): number;
  /** The position after the number that was read last. */
  readonly end: number;
}

/**
 * Creates a reader of some JSON.
 *
 * @example
 * const reader = numberReader(new TextEncoder().encode('[0.1]'));
 * reader.read(1); // 0.1, and reader.end is 4
 */
export function numberReader(bytes: Uint8Array): NumberReader {
  const reader = { end: 0, read };
  return reader;

  function read(begin: number): number {
    let i = begin;
    const isNegative = bytes[i] === MINUS;
    if (isNegative) i++;
    const first = i;
    // Digits from the first that is not zero, in two integers of 32 bits: these are faster than floats.
    let digits = 0;
    let head = 0;
    let tail = 0;
    let byte = bytes[i]!;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++i]!) {
      if (digits < HALF) head = (10 * head + (byte - ZERO)) | 0;
      else if (digits < MAX_DIGITS) tail = (10 * tail + (byte - ZERO)) | 0;
      if (head > 0) digits++;
    }
    if (i === first || (i > first + 1 && bytes[first] === ZERO)) return Number.NaN;
    if (byte !== POINT && (byte | CASE_BIT) !== LOWER_E && digits <= HALF) {
      reader.end = i;
      return isNegative ? -head : head;
    }
    let exponent = 0;
    if (byte === POINT) {
      const start = i + 1;
      for (byte = bytes[++i]!; byte >= ZERO && byte <= NINE; byte = bytes[++i]!) {
        if (digits < HALF) head = (10 * head + (byte - ZERO)) | 0;
        else if (digits < MAX_DIGITS) tail = (10 * tail + (byte - ZERO)) | 0;
        if (head > 0) digits++;
      }
      exponent = start - i;
      if (exponent === 0) return Number.NaN;
    }
    if ((byte | CASE_BIT) === LOWER_E) {
      i++;
      const isSmall = bytes[i] === MINUS;
      if (isSmall || bytes[i] === PLUS) i++;
      const start = i;
      let power = 0;
      for (byte = bytes[i]!; byte >= ZERO && byte <= NINE; byte = bytes[++i]!)
        if (power < 10_000) power = 10 * power + (byte - ZERO);
      if (i === start) return Number.NaN;
      exponent += isSmall ? -power : power;
    }
    reader.end = i;
    const size = sizeOf(head, tail, digits, exponent);
    if (Number.isNaN(size)) return Number(new TextDecoder().decode(bytes.subarray(begin, i)));
    return isNegative ? -size : size;
  }
}

/**
 * Returns a number without its sign: an integer of the given number of digits, times a power of ten. NaN if its nearest float32
 * depends on digits that were not read.
 */
function sizeOf(head: number, tail: number, digits: number, power: number): number {
  if (head === 0) return 0;
  const read = Math.min(digits, MAX_DIGITS);
  const mantissa = read > HALF ? head * POWERS[read - HALF]! + tail : head;
  const exponent = power + digits - read;
  if (exponent < -22 || exponent > 22) return Number.NaN;
  // Both factors are exact, so that the result is the nearest float64 (Clinger, "How to Read Floating Point
  // Numbers Accurately", 1990).
  const low = exponent < 0 ? mantissa / POWERS[-exponent]! : mantissa * POWERS[exponent]!;
  return read === digits || Math.fround(low * BELOW) === Math.fround(low * ABOVE) ? low : Number.NaN;
}
