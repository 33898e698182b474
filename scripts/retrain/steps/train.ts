import { isDeepStrictEqual } from 'node:util';
import { DivergedError, GateError, InputError, nextOf } from '../../../shared/errors.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { splitSeedOf } from '../../../shared/splitSeed.ts';
import { fingerprint } from '../../../training/data/dataset.ts';
import type { InitialWeights } from '../../../training/fitting/initialWeights.ts';
import { resolveSettings } from '../../../training/settings.ts';
import { candidatesIn, markCandidate } from '../../cli/candidates.ts';
import { trainPrepared } from '../../cli/training.ts';
import { championOf, type RetrainRun } from '../context.ts';
import type { StoredArtifact } from '../stored.ts';
import { warmStart } from '../warmStart.ts';
import type { RetrainStep } from './step.ts';

export const train: RetrainStep = {
  summary: "trains the challenger, from the champion's weights if they fit, otherwise from random ones",
  run: async (run, state) => {
    const { options, prepared, print, model: name } = run;
    const champion = await championOf(run, state);
    if (champion !== undefined && options.warmStart === undefined && isLearned(champion.manifest, run)) {
      print('the champion was trained on this data, with these settings and this seed');
      return { challenger: champion.manifest.version };
    }
    const initial = champion && (await initialOf(run, champion));
    try {
      const rows = options.rows ?? champion?.manifest.data.withRows ?? true;
      if (options.rows === undefined && !rows)
        print('without rows of the data, as in the champion; --rows lets the artifact hold some');
      // The gates judge afterwards, with the same figures, and what they refuse can be accepted.
      const force = true;
      const own = {
        ...options,
        rows,
        force,
        name,
        out: candidatesIn(options.out),
        ...(initial && { initial }),
      };
      const { artifact } = await trainPrepared(prepared, own, print);
      const { version } = artifact.manifest;
      await markCandidate(options.out, name, version, { run: run.id, outcome: 'untested' });
      return { challenger: version };
    } catch (cause) {
      // Flags and settings have been checked before, so the data is the cause.
      if (cause instanceof InputError || cause instanceof DivergedError)
        throw new GateError('the data cannot be trained on', {
          cause,
          next: nextOf(cause) ?? `mend the data, then: ${run.command.line}`,
        });
      throw cause;
    }
  },
};

/**
 * Honest challengers that start from random weights end in other minima, some far from the champion's: without
 * a warm start, luck decides between them.
 */
async function initialOf(run: RetrainRun, champion: StoredArtifact): Promise<InitialWeights | undefined> {
  const { options, prepared, print } = run;
  if (options.warmStart === false) return undefined;
  try {
    const initial = await warmStart(champion, prepared, options.seed);
    print(`starting from the weights of ${initial.source}`);
    return initial;
  } catch (error) {
    if (!(error instanceof InputError) || options.warmStart === true) throw error;
    print(`starting from random weights: ${error.message}`);
    return undefined;
  }
}

/** True if there is nothing to learn: a warm start on the same data would train the champion further on it. */
function isLearned({ data, items, training, recipe }: Manifest, { prepared, options }: RetrainRun): boolean {
  const { model, training: own, optimizer } = resolveSettings(prepared.recipe.variant, prepared.settings);
  const config = JSON.parse(JSON.stringify({ ...model, ...own, ...optimizer }));
  return (
    (data.withRows ?? true) === (options.rows ?? data.withRows ?? true) &&
    data.fingerprint === fingerprint(prepared.data) &&
    isDeepStrictEqual(items, prepared.data.items) &&
    training.seed === options.seed &&
    splitSeedOf({ training }) === prepared.splitSeed &&
    recipe.name === prepared.recipe.name &&
    isDeepStrictEqual(recipe.config, config)
  );
}
