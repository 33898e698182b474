import { changeAliases, readAliases, requireUnchanged, shown } from '../aliases.ts';
import type { TrainedState } from '../context.ts';
import type { RetrainStep } from './step.ts';

export const promote: RetrainStep = {
  summary: 'routes all requests to the challenger',
  run: async (run, state) => {
    const { bucket, release } = run.target;
    const [key, from] = [release.key(run.model), await readAliases(bucket, release.key(run.model))];
    const production = (state as TrainedState).challenger;
    const { before } = state;
    const to = { production, ...(before && { previous: before.production }) };
    if (from.aliases?.production !== production) {
      const { canary, ...rest } = from.aliases ?? {};
      const isOwn = canary?.version === production;
      const { canary: _, ...others } = before ?? {};
      if (isOwn) requireUnchanged(key, rest as typeof from.aliases, others as typeof before);
      else requireUnchanged(key, from.aliases, before);
      await changeAliases(bucket, { key, model: run.model, from, to });
    }
    await release.follow(run.model, to);
    run.print(`${key}: ${shown(to)}`);
    return {};
  },
};
