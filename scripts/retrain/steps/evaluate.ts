import { requireTrained } from '../../../training/artifact/artifact.ts';
import { challengerOf, championOf } from '../context.ts';
import { measureChallenger } from '../metrics/compareVersions.ts';
import { profileIn } from '../stored.ts';
import type { RetrainStep } from './step.ts';

export const evaluate: RetrainStep = {
  summary: 'measures the challenger, and the champion on the same held-out rows',
  run: async (run, state) => {
    const stored = await championOf(run, state);
    const champion = stored && { ...requireTrained(stored), profile: profileIn(stored) };
    if (champion === undefined)
      run.print('there is no champion yet, so the challenger is compared with baselines');
    const challenger = requireTrained(await challengerOf(run, state));
    const comparison = await measureChallenger(run.prepared, challenger, champion, run.options.seed);
    return { comparison };
  },
};
