/**
 * Standard normal random numbers with the same bytes in every JavaScript engine. Only + - * / and the square
 * root are used, which IEEE 754 rounds exactly; `Math.log` and `Math.cos` may differ in their last bit
 * between engines.
 */
import { random } from './random.ts';

/**
 * Returns `count` standard normals, float32: the quantiles of a stream of uniform numbers. A smaller count
 * gives a prefix of a larger one; streams are independent by seed and name. No magnitude exceeds 6.3, the
 * quantile at 2^-33.
 */
export function normals(seed: number, stream: string, count: number): Float32Array<ArrayBuffer> {
  const source = random(seed, stream);
  // Halfway between multiples of 2^-32, so that 0 and 1, which have no quantile, never occur.
  return Float32Array.from({ length: count }, () => normalQuantile((source.uint32() + 0.5) / 2 ** 32));
}

/**
 * Returns the quantile of the standard normal at `p`, with a relative error below 1e-15 for `p` between e^-25
 * and 1 - e^-25 (Wichura, "Algorithm AS 241", 1988, PPND16, without its far tail).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_OVER, r)) / polynomial(CENTRE_UNDER, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p)) - 1.6;
  const value = polynomial(TAIL_OVER, r) / polynomial(TAIL_UNDER, r);
  return q < 0 ? -value : value;
}

/** Natural logarithm of `x` in (0, 1], as m 2^-k: log m is 2 artanh((m - 1) / (m + 1)), by its series. */
function log(x: number): number {
  let m = x;
  let k = 0;
  // Doubling is exact.
  for (; m < Math.SQRT1_2; k++) m *= 2;
  const s = (m - 1) / (m + 1);
  return s * polynomial(ARTANH, s * s) - k * Math.LN2;
}

/** Horner's scheme; coefficients by descending power. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const each of coefficients) sum = sum * x + each;
  return sum;
}

/**
 * 2 / (2 i + 1) for i from 10 down to 0; the omitted terms are below 2^-53, since the s of `log` is at most
 * 0.172.
 */
const ARTANH = Array.from({ length: 11 }, (_, i) => 2 / (21 - 2 * i));

const CENTRE_OVER = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
];
const CENTRE_UNDER = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
];
const TAIL_OVER = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const TAIL_UNDER = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
