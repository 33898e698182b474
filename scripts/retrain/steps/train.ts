import { DivergedError, GateError, InputError, InterruptedError } from '../../../shared/errors.ts';
import { restoreModel } from '../../../training/artifact/restoreModel.ts';
import { candidatesIn, markCandidate } from '../../cli/candidates.ts';
import { ownVariants } from '../../cli/recipes.ts';
import { trainPrepared } from '../../cli/training.ts';
import { championOf } from '../context.ts';
import type { RetrainStep } from './step.ts';

export const train: RetrainStep = {
  summary: "trains the challenger, from random weights or the champion's",
  run: async (run, state) => {
    const { options, prepared, print } = run;
    const champion = options.warmStart ? await championOf(run, state) : undefined;
    const initial = champion && {
      source: `${run.model}@${champion.manifest.version}`,
      weights: restoreModel({ ...champion, directory: '' }, await ownVariants()).weights,
    };
    try {
      const own = { ...options, out: candidatesIn(options.out), ...(initial && { initial }) };
      const { artifact } = await trainPrepared(prepared, own, print);
      const { version } = artifact.manifest;
      await markCandidate(options.out, run.model, version, { run: run.id, outcome: 'untested' });
      if (artifact.manifest.training.interrupted)
        throw new InterruptedError('interrupted: nothing was published');
      return { challenger: version };
    } catch (cause) {
      // Flags and settings have been checked before, so the data is the cause.
      if (cause instanceof InputError || cause instanceof DivergedError)
        throw new GateError('the data cannot be trained on', { cause });
      throw cause;
    }
  },
};
