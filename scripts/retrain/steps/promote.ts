import { changeAliases, readAliases, requireUnchanged, withoutShadowOf } from '../aliases.ts';
import type { TrainedState } from '../context.ts';
import { followAliases } from '../followAliases.ts';
import { hasCanary, withCanary } from './canary.ts';
import type { RetrainStep } from './step.ts';

export const promote: RetrainStep = {
  summary: 'routes all requests to the challenger',
  run: async (run, state) => {
    const { bucket, release } = run.target;
    const [key, from] = [release.key(run.model), await readAliases(bucket, release.key(run.model))];
    const production = (state as TrainedState).challenger;
    const { before } = state;
    const { shadow } = before === null ? { shadow: undefined } : withoutShadowOf(before, production);
    const to = {
      production,
      ...(before && { previous: before.production }),
      ...(shadow && { shadow }),
    };
    if (from.aliases?.production !== production) {
      // A canary that somebody has removed meanwhile must not be promoted.
      requireUnchanged(key, from.aliases, hasCanary(run, state) ? withCanary(run, state) : before);
      await changeAliases(bucket, { key, model: run.model, from, to });
    }
    await followAliases(run, to);
    return {};
  },
};
