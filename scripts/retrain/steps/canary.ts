import type { Aliases } from '../../../shared/aliases.ts';
import { changeAliases, readAliases, requireUnchanged, withoutShadowOf } from '../aliases.ts';
import type { RetrainRun, RunState, TrainedState } from '../context.ts';
import { followAliases } from '../followAliases.ts';
import type { RetrainStep } from './step.ts';

export const canary: RetrainStep = {
  summary: 'routes a share of the requests to the challenger',
  applies: hasCanary,
  run: async (run, state) => {
    const { bucket, release } = run.target;
    const [key, from] = [release.key(run.model), await readAliases(bucket, release.key(run.model))];
    const to = withCanary(run, state);
    if (from.aliases?.canary?.version !== to.canary?.version) {
      requireUnchanged(key, from.aliases, state.before);
      await changeAliases(bucket, { key, model: run.model, from, to });
    }
    await followAliases(run, to);
    return {};
  },
};

/** True if the challenger answers as a canary first. */
export function hasCanary({ options }: Pick<RetrainRun, 'options'>, { before }: RunState): boolean {
  return options.canary !== undefined && before !== null;
}

/** The aliases while the challenger is the canary. */
export function withCanary({ options }: RetrainRun, state: RunState): Aliases {
  const { before, challenger } = state as TrainedState;
  return {
    ...withoutShadowOf(before!, challenger),
    canary: { version: challenger, percentage: options.canary! },
  };
}

/** @throws {GateError} if somebody has removed the canary, or changed the aliases in another way. */
export async function requireCanary(run: RetrainRun, state: RunState): Promise<void> {
  const { bucket, release } = run.target;
  const key = release.key(run.model);
  const { aliases } = await readAliases(bucket, key);
  requireUnchanged(key, aliases, withCanary(run, state));
}
