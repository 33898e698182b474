import { DivergedError, GateError, InputError, InterruptedError } from '../../../shared/errors.ts';
import { restoreModel } from '../../../training/artifact/restoreModel.ts';
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
      const { artifact } = await trainPrepared(prepared, { ...options, ...(initial && { initial }) }, print);
      if (artifact.manifest.training.interrupted)
        throw new InterruptedError('interrupted: nothing was published');
      return { challenger: artifact.manifest.version };
    } catch (cause) {
      // Flags and settings have been checked before, so the data is the cause.
      if (cause instanceof InputError || cause instanceof DivergedError)
        throw new GateError('the data cannot be trained on', { cause });
      throw cause;
    }
  },
};
