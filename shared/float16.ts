/** Numbers as float16 (IEEE 754 binary16): 3 significant digits, up to 65504. */

const bits = new DataView(new ArrayBuffer(4));

/** Encodes a number as IEEE 754 binary16, rounded to nearest, ties to even; infinity if it is too large. */
export function float16Bits(value: number): number {
  bits.setFloat32(0, value);
  const whole = bits.getUint32(0);
  const sign = (whole >>> 16) & 0x8000;
  const magnitude = whole & 0x7fffffff;
  // Below 2^-14, values are multiples of 2^-24. Adding 2^52 to a float64 rounds it to an integer.
  if (magnitude < 0x38800000) return sign | (Math.abs(value) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // The exponent bias changes from 127 to 15. A carry out of the fraction correctly increments the exponent.
  const rounded = magnitude + 0x0fff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** Decodes a binary16 number. */
export function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
