import type { Aliases } from '../../../shared/aliases.ts';
import { changeAliases, readAliases, requireUnchanged, shown } from '../aliases.ts';
import type { RetrainRun, TrainedState } from '../context.ts';
import { followAliases } from '../followAliases.ts';
import { judgeShadow } from '../shadow/judgeShadow.ts';
import type { RetrainStep } from './step.ts';

export const shadow: RetrainStep = {
  summary: 'has the challenger answer a share of the requests unseen, and judges it by the gate shadow',
  applies: ({ options }, { before }) => options.shadow !== undefined && before !== null,
  run: async (run, state) => {
    const { model, options, command, print } = run;
    const { live } = run.target;
    const before = state.before!;
    const { challenger } = state as TrainedState;
    const aliases = { ...before, shadow: { version: challenger, percentage: options.shadow! } };
    await change(run, before, aliases);
    const { limits, accept, watch: seconds, shadowAnswers: atLeast } = options;
    // In a dry run nothing has been changed that the Worker could count.
    const shadowVerdicts = options.dryRun
      ? []
      : await judgeShadow({ ...{ live, model, aliases, atLeast, seconds }, limits, accept, command, print });
    await change(run, aliases, before);
    return { shadowVerdicts };
  },
};

/** Changes the aliases, unless a killed run has done so. @throws {GateError} if somebody else has changed them. */
async function change(run: RetrainRun, from: Aliases, to: Aliases): Promise<void> {
  const { model, target } = run;
  const { bucket, release } = target;
  const key = release.key(model);
  const now = await readAliases(bucket, key);
  if (shown(now.aliases) !== shown(to)) {
    requireUnchanged(key, now.aliases, from);
    await changeAliases(bucket, { key, model, from: now, to });
  }
  await followAliases(run, to);
}
