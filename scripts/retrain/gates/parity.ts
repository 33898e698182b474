import type { VersionGate } from './gate.ts';

/** Ensures that the serving runtime reproduces the numbers of the training runtime. */
export const parity: VersionGate = {
  acceptable: false,
  summary: 'WASM answers like the native runtime, within the tolerance of training',
  remedy: 'train with other settings (--set), or with another seed',
  remedyFlags: '--seed 2',
  judge: ({ challenger }) => {
    const { maxScaledDifference, tolerance, rows } = challenger.parity;
    return {
      passed: maxScaledDifference <= tolerance,
      figures: `difference ${maxScaledDifference.toExponential(1)} on ${rows} rows, limit ${tolerance.toExponential(0)}`,
    };
  },
};
