import type { Gate } from './gate.ts';

/** The runtime that serves gives the numbers of the one that trained. */
export const parity: Gate = {
  summary: 'WASM answers as the native runtime does, within the tolerance of training',
  judge: ({ challenger }) => {
    const { maxScaledDifference, tolerance, rows } = challenger.parity;
    return {
      passed: maxScaledDifference <= tolerance,
      figures: `difference ${maxScaledDifference.toExponential(1)} on ${rows} rows; up to ${tolerance.toExponential(0)}`,
    };
  },
};
