/** Digits after the point that numbers may be rounded to. */
const MOST_DIGITS = 6;

/** The step that all values but missing ones are multiples of, a power of ten up to 1; 0 if there is none. */
export function stepOf(values: Float64Array): number {
  for (let digits = 0; digits <= MOST_DIGITS; digits++) {
    const scale = 10 ** digits;
    const isRounded = (value: number) =>
      Math.abs(value * scale - Math.round(value * scale)) <= 1e-6 * scale * Math.max(1e-3, Math.abs(value));
    if (values.every((value) => Number.isNaN(value) || isRounded(value))) return 1 / scale;
  }
  return 0;
}
