/** A whole search: space, trials, costs, the page, and the best model. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { InputError, InterruptedError } from '../../shared/errors.ts';
import { shellWord } from '../../shared/shellWord.ts';
import type { TrainedArtifact } from '../../training/artifact/artifact.ts';
import { fingerprint } from '../../training/data/dataset.ts';
import { replaceFile, requireWritable } from '../../training/files.ts';
import { resolveSettings } from '../../training/settings.ts';
import { type PreparedRun, prepareShown, type RecipeRun } from '../cli/preparedRun.ts';
import { taskProgress } from '../cli/progress.ts';
import { onStopSignal } from '../cli/signals.ts';
import { trainPrepared } from '../cli/training.ts';
import { defaultSpace } from './defaultSpaces.ts';
import { designOf } from './design.ts';
import { requireObjective } from './objectives.ts';
import { renderSearch } from './report/page.ts';
import { rungsOf } from './rungs.ts';
import { lastValue, search } from './search.ts';
import { type ShownTrial, shownTrials } from './shownTrials.ts';
import { parseSpace, settingsText, widened, withinSpace } from './space.ts';
import { hasStudy, openStudy, studyFolder, type Trial } from './study.ts';
import { resultLine, resumeCommand, summaryOf, trainCommand, trialTable } from './words.ts';
import { startWorkers } from './workers.ts';

export interface TuneRun extends RecipeRun {
  readonly trials: number;
  readonly minutes?: number;
  readonly space?: readonly string[];
  readonly by: string;
  readonly parallel: number;
}

export interface Tuned {
  /** The artifact of the best settings; undefined if the search was interrupted. */
  readonly trained?: TrainedArtifact;
  readonly exitCode: number;
  readonly by: string;
  readonly space: readonly string[];
  /** The best first. */
  readonly trials: readonly ShownTrial[];
  readonly page: string;
}

/**
 * Runs a search. Ctrl-C ends it after the batches in progress, keeps what is done and prints how to resume.
 * @throws {InputError} for a space, an objective or data that cannot be used, and if no trial has a result.
 */
export async function tune(name: string, run: TuneRun, print: (line: string) => void): Promise<Tuned> {
  const { by, seed, out } = run;
  const model = run.name ?? name;
  requireWritable(join(out, model));
  const prepared = await prepareShown(name, run, print);
  const { space, dimensions, design } = spaceOf(prepared, run, print);
  requireObjective(
    by,
    dimensions.map(({ name }) => name),
  );
  const { epochs } = resolveSettings(prepared.recipe.variant, prepared.settings).training;
  const rungs = rungsOf(design.length, epochs);
  print(
    `trials: ${rungs.map((rung) => `${rung.trials} up to epoch ${rung.epochs}`).join(', then the best ')}`,
  );

  const folder = studyFolder(out, model);
  if (!run.resume && hasStudy(folder))
    print(`${folder} will be overwritten: --resume would have continued it`);
  if (run.resume && !hasStudy(folder)) print('no search to resume: starting with the first trial');
  const identity = {
    latentedge: packageJson.version,
    recipe: name,
    data: fingerprint(prepared.data),
    settings: JSON.stringify(prepared.settings),
    space: space.join(' '),
    ...{ trials: design.length, by, seed },
  };
  const study = await openStudy(folder, identity, run.resume ?? false);
  const stop = stopping(run, print);
  const workers = await startWorkers({
    ...{ count: Math.min(run.parallel, design.length), recipe: name, run, signal: stop.signal },
    expected: identity.data,
  });
  const sizes = rungs.map((rung, i) => rung.epochs - (rungs[i - 1]?.epochs ?? 0));
  const progress = taskProgress(
    sizes.reduce((sum, size, i) => sum + size * rungs[i]!.trials, 0),
    print,
  );
  const trials = await search({
    ...{ design, rungs, by, seed, study, runners: workers.runners, signal: stop.signal },
    onResult: (trial, rung) =>
      progress.onDone(resultLine(trial, by, `${rung + 1}/${rungs.length}`), sizes[rung]!),
  }).finally(() => {
    progress.stop();
    workers.close();
    stop.release();
  });
  const [best] = trials.filter((each) => lastValue(each) !== null);
  if (best === undefined && !stop.isInterrupted()) throw noResult(trials, run);

  const shown = await shownTrials(prepared, trials, seed);
  const summary =
    best === undefined ? 'No trial has ended.' : summaryOf(best, { by, trials, prepared, dimensions });
  await mkdir(join(out, model), { recursive: true });
  const page = join(out, model, 'tuning.html');
  await replaceFile(page, [await renderSearch({ model, by, dimensions, trials: shown, summary })]);
  print(trialTable(shown, by));
  if (best !== undefined) print(summary);
  if (stop.isInterrupted()) {
    print(`interrupted: what is done is kept in ${folder}; continue with\n  ${resumeCommand()}`);
    return { exitCode: 130, by, space, trials: shown, page };
  }
  print(`training with the best settings, as\n  ${trainCommand(name, run, best!.settings)}`);
  const settings = { ...prepared.settings, ...best!.settings };
  const { resume: _, threads: __, ...rest } = run;
  const { artifact, fit } = await trainPrepared({ ...prepared, settings }, rest, print);
  const result = { trained: artifact, by, space, trials: shown, page };
  if (fit.interrupted) return { ...result, exitCode: 130 };
  await study.remove();
  return { ...result, exitCode: 0 };
}

/** The space that is searched, printed, and the settings of the trials. */
function spaceOf({ recipe, settings }: PreparedRun, run: TuneRun, print: (line: string) => void) {
  const { variant } = recipe;
  const { model, training, optimizer } = resolveSettings(variant, settings);
  const own = { ...model, ...training, ...optimizer };
  // A search that nobody has limited never ends with less than what it began from.
  const space = run.space ?? widened(defaultSpace(variant, run.by), variant, settings, own);
  const dimensions = parseSpace(space, variant, settings);
  print(
    `--space ${space.map(shellWord).join(' ')}${run.space ? '' : `  (the default of ${recipe.name}; --space replaces it)`}`,
  );
  const first = withinSpace(dimensions, own);
  const design = designOf(dimensions, { count: run.trials, seed: run.seed, first });
  if (design.length < run.trials)
    print(`the space has only ${design.length} different settings: all are tried`);
  print(
    first === undefined
      ? "the recipe's own settings are outside of --space: they are not tried, and the best may be worse"
      : `trial 1 has the recipe's own settings: ${settingsText(first)}`,
  );
  return { space, dimensions, design };
}

/** Aborts on Ctrl-C, or when the time is over. */
function stopping({ minutes }: TuneRun, print: (line: string) => void) {
  const controller = new AbortController();
  let interrupted = false;
  const release = onStopSignal(() => {
    print('stopping after this batch; press Ctrl-C again to quit at once');
    interrupted = true;
    controller.abort();
  }, ['SIGINT']);
  const timer =
    minutes === undefined
      ? undefined
      : setTimeout(() => {
          print(`${minutes} minutes are over: no more trials`);
          controller.abort();
        }, minutes * 60_000);
  timer?.unref();
  return {
    signal: controller.signal,
    isInterrupted: () => interrupted,
    release: () => {
      clearTimeout(timer);
      release();
    },
  };
}

function noResult(trials: readonly Trial[], { minutes }: TuneRun): Error {
  const problem = trials.flatMap(({ rungs }) => rungs.at(-1)?.problem ?? [])[0];
  if (problem !== undefined) return new InputError(`no trial has a result, for instance: ${problem}`);
  return new InterruptedError(
    `no trial has ended within ${minutes} minutes; allow more, or lower --set epochs`,
  );
}
