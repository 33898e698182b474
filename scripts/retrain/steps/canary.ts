import { changeAliases, readAliases, requireUnchanged, shown } from '../aliases.ts';
import type { TrainedState } from '../context.ts';
import type { RetrainStep } from './step.ts';

export const canary: RetrainStep = {
  summary: 'routes a share of the requests to the challenger',
  applies: ({ options }, { before }) => options.canary !== undefined && before !== null,
  run: async (run, state) => {
    const { bucket, release } = run.target;
    const [key, from] = [release.key(run.model), await readAliases(bucket, release.key(run.model))];
    const version = (state as TrainedState).challenger;
    const to = { ...state.before!, canary: { version, percentage: run.options.canary! } };
    if (from.aliases?.canary?.version !== version) {
      requireUnchanged(key, from.aliases, state.before);
      await changeAliases(bucket, { key, model: run.model, from, to });
    }
    await release.follow(run.model, to);
    run.print(`${key}: ${shown(to)}`);
    return {};
  },
};
