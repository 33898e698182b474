/** Random numbers for training steps: fast, and a function of (seed, stream, step) alone. */
import { philox4x32, streamKey } from '../../shared/random.ts';
import type { NoiseDistribution } from '../graph/types.ts';

/**
 * Fills `into` with the noise of one step: uniform in [0, 1) with 24 bits, or standard normal.
 *
 * Philox derives the initial state from (seed, stream, step); sfc32 (C. Doty-Humphrey's PractRand), several
 * times faster in JavaScript, draws from it. The noise of any step is therefore available without that of the
 * steps before.
 */
export function fillNoise(
  into: Float32Array,
  distribution: NoiseDistribution,
  { seed, stream, step }: { readonly seed: number; readonly stream: string; readonly step: number },
): void {
  const state = new Uint32Array(4);
  philox4x32([step >>> 0, Math.floor(step / 2 ** 32), 0, 1], streamKey(seed, stream), state);
  FILL[distribution](into, state);
}

const FILL: Record<NoiseDistribution, (into: Float32Array, state: Uint32Array) => void> = {
  uniform: fillUniform,
  normal: (into, state) => {
    fillUniform(into, state);
    // Box-Muller, in place: each pair of uniforms becomes a pair of normals.
    for (let i = 0; i < into.length; i += 2) {
      // 1 - u is in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - into[i]!));
      const last = i + 1 === into.length;
      const angle = 2 * Math.PI * (last ? state[0]! / 2 ** 32 : into[i + 1]!);
      into[i] = radius * Math.cos(angle);
      if (!last) into[i + 1] = radius * Math.sin(angle);
    }
  },
};

/** Leaves the generator's next state in `state`. */
function fillUniform(into: Float32Array, state: Uint32Array): void {
  let a = state[0]! | 0;
  let b = state[1]! | 0;
  let c = state[2]! | 0;
  let counter = state[3]! | 0;
  for (let i = 0; i < into.length; i++) {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    into[i] = (result >>> 8) / 0x1000000;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}
