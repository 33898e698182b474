/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC11).
 *
 * Integer arithmetic only, so the same seed and stream give the same bytes in Node and in workerd. Streams
 * with different names never overlap: the name is part of the key and the counter is the position.
 */
import { fnv1a } from './hash.ts';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // No sum exceeds 32 bits, so that these shifts are divisions without a remainder, which take longer.
  const middle = (Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16);
  const middle2 = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (middle2 >>> 16)) >>> 0;
}

/** One Philox4x32-10 block: 128 random bits as four unsigned integers, written to `out`. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = mulHigh(M1, c2);
    const low1 = Math.imul(M1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Returns the Philox key of a stream: different names give independent streams under the same seed. */
export function streamKey(seed: number, stream: string): readonly [number, number] {
  return [seed >>> 0, fnv1a(new TextEncoder().encode(stream))];
}

export interface Random {
  /** The next 32 bits, in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-24: exact in float32. */
  uniform(): number;
  /** Uniform integer in [0, bound), without modulo bias; `bound` in [1, 2^32]. */
  integer(bound: number): number;
}

/**
 * Creates a stream of random numbers, independent of every other `stream` name; the seed is an integer in [0,
 * 2^32).
 */
export function random(seed: number, stream: string): Random {
  const key = streamKey(seed, stream);
  const block = new Uint32Array(4);
  let position = 0;
  const uint32 = (): number => {
    const lane = position % 4;
    if (lane === 0) {
      const index = position / 4;
      philox4x32([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], key, block);
    }
    position++;
    return block[lane]!;
  };
  const integer = (bound: number): number => {
    const limit = Math.floor(2 ** 32 / bound) * bound;
    let value = uint32();
    while (value >= limit) value = uint32();
    return value % bound;
  };
  return { uint32, integer, uniform: () => (uint32() >>> 8) / 0x1000000 };
}

/** Returns a permutation of 0 .. length-1 (Fisher-Yates, Durstenfeld's form). */
export function permutation(length: number, source: Random): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}
