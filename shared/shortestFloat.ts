/** Float32 values as short JSON numbers. */

/** Powers of ten that are exact as float64. */
const EXACT = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
/** Significant digits: fewer than the first need no attempt of their own, the last distinguish every float32. */
const [FEWEST, MOST] = [6, 9];
/** Smaller values have fewer bits, and may need a single digit. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Returns the number whose JSON is the shortest that rounds to this float32: 0.06714542 for the float32 that as a float64
 * is 0.06714542210102081. Any other number is returned as it is.
 *
 * Integers of up to nine digits are scaled by powers of ten that are exact, so each result is rounded once, and is the
 * float64 closest to its decimal, which JavaScript writes in as many digits.
 *
 * @example
 * JSON.stringify(shortestFloat(Math.fround(0.1))); // '0.1'
 */
export function shortestFloat(value: number): number {
  if (Math.fround(value) !== value || !Number.isFinite(value)) return value;
  // JavaScript writes such integers in full, so no digit would be saved.
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value;
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const fewest = Math.abs(value) < SMALLEST_NORMAL ? 1 : FEWEST;
  for (let digits = fewest; digits < MOST; digits++) {
    const rounded = roundedAt(value, digits, exponent);
    if (Math.fround(rounded) === value) return rounded;
  }
  return roundedAt(value, MOST, exponent);
}

/** Rounds to a number of significant digits; `exponent` is that of the first one. */
function roundedAt(value: number, digits: number, exponent: number): number {
  const decimals = digits - 1 - exponent;
  if (Math.abs(decimals) > 22) return Number(value.toPrecision(digits));
  if (decimals >= 0) return Math.round(value * EXACT[decimals]!) / EXACT[decimals]!;
  return Math.round(value / EXACT[-decimals]!) * EXACT[-decimals]!;
}

/** Returns the values as numbers of short JSON. */
export function shortestFloats(values: Float32Array): number[] {
  const short = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) short[i] = shortestFloat(values[i]!);
  return short;
}
