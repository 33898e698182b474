import { challengerOf, championOf } from '../context.ts';
import { compareVersions } from '../metrics/compareVersions.ts';
import { heldOutOf } from '../metrics/heldOut.ts';
import type { RetrainStep } from './step.ts';

export const evaluate: RetrainStep = {
  summary: 'measures champion and challenger on the same held-out rows',
  applies: (_, { before }) => before !== null,
  run: async (run, state) => {
    const champion = (await championOf(run, state))!;
    const { seed } = run.options;
    const heldOut = heldOutOf(run.prepared, seed);
    return { comparison: await compareVersions(champion, await challengerOf(run, state), heldOut, seed) };
  },
};
