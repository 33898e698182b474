import { changeAliases, readAliases, requireUnchanged, shown } from '../aliases.ts';
import type { KnownState } from '../context.ts';
import type { Step } from './step.ts';

export const canary: Step = {
  summary: 'has the challenger answer a share of the requests',
  applies: ({ options }, { before }) => options.canary !== undefined && before !== null,
  run: async (run, state) => {
    const { bucket, release } = run.target;
    const [key, from] = [release.key(run.model), await readAliases(bucket, release.key(run.model))];
    const version = (state as KnownState).challenger;
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
