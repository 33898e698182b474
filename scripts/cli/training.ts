/** Training a recipe from the command line: progress, Ctrl-C, resuming after a crash. */
import { existsSync } from 'node:fs';
import type { Matrix, Rows } from '../../shared/tensor.ts';
import { sampleNote } from '../../training/artifact/fittedRows.ts';
import { roleTable } from '../../training/data/roleTable.ts';
import { ENGINES } from '../../training/engines/registry.ts';
import { checkpointPath } from '../../training/fitting/checkpoint.ts';
import { requireRunnable } from '../../training/runChecks.ts';
import { ROW_SCORES, type RowScoreKind } from '../../training/scoring/rowScores.ts';
import { type ResolvedSettings, resolveSettings } from '../../training/settings.ts';
import { type Trained, train } from '../../training/train.ts';
import { followersOf } from './followers.ts';
import { requireTracking } from './mlflow.ts';
import { decisionLines, lookUp, type PreparedRun, prepareShown, type RecipeRun } from './preparedRun.ts';
import { trainingProgress } from './progress.ts';
import { recipeNamed } from './recipes.ts';
import { withShortSql } from './shortened.ts';
import { onStopSignal } from './signals.ts';

const MAP_NOTE =
  'map.bin will hold a sample of the training rows, for the playground: a Worker serves it only with PLAYGROUND_DATA = "public" in wrangler.toml; --no-rows leaves it out';

/**
 * Trains a recipe and prints its progress. Ctrl-C ends training after the current batch and keeps the best
 * weights so far; a second Ctrl-C ends the process at once. `R` is the type of the recipe's rows.
 */
export async function trainRecipe<R extends Rows = Matrix>(
  name: string,
  run: RecipeRun,
  print: (line: string) => void,
): Promise<Trained<R>> {
  // Of a large table, reading takes minutes, after which nobody should learn that a flag is wrong.
  const { name: model = name, out, mlflow } = run;
  const recipe = await recipeNamed(name);
  const { variant, predictor } = recipe;
  lookUp(ENGINES, run.engine, 'engine');
  requireRunnable({ ...run, name: model, variant, predictor, threads: run.threads }, out);
  if (mlflow !== undefined) await requireTracking(mlflow, model);
  return trainPrepared<R>(await prepareShown(name, run, print), run, print);
}

/** Trains a recipe, like `trainRecipe`, on data that has already been read. */
export async function trainPrepared<R extends Rows = Matrix>(
  { recipe, engine, data, settings, splitSeed }: PreparedRun,
  run: RecipeRun,
  print: (line: string) => void,
): Promise<Trained<R>> {
  const resolved = resolveSettings(recipe.variant, settings);
  const { epochs, rowScore } = resolved.training;
  if (data.roles !== undefined) print(roleTable(data.roles));
  for (const line of decisionLines(data)) print(line);
  const trained = data.stored && `${data.stored.rowCount} training rows and a sample of `;
  print(
    `${recipe.name}: ${withShortSql(data.source)}, ${trained ?? ''}${data.rows.rowCount} rows of ${widthText(data)}`,
  );
  const chosen = Object.entries(recipe.settingsFor?.(data) ?? {}).filter(
    ([key, value]) => typeof value !== 'object' && settings[key] === value,
  );
  if (chosen.length > 0)
    print(`set for these rows: ${chosen.map((each) => each.join('=')).join(' ')}; --set changes that`);

  const { rowsHeld }: RowScoreKind = ROW_SCORES[rowScore];
  if (rowsHeld !== undefined && run.rows !== false)
    print(
      `the graphs will hold ${rowsHeld}: whoever has the model can read these; --no-rows leaves them out`,
    );
  if (run.rows !== false) print(MAP_NOTE);

  const interrupt = new AbortController();
  const isOwn = run.signal === undefined;
  const release = isOwn
    ? onStopSignal(() => {
        print('stopping after this batch; press Ctrl-C again to quit at once');
        interrupt.abort();
      }, ['SIGINT'])
    : () => undefined;
  const progress = trainingProgress(epochs, print);
  const { name = recipe.name } = run;
  const params = { recipe: recipe.name, seed: run.seed, data: data.source, ...flattened(resolved) };
  const followers = await followersOf(run, { name, epochs, params }, print);
  let metrics: Readonly<Record<string, number>> | undefined;
  const checkpoint = checkpointPath(run.out, name);
  const replaced = isOwn && run.resume !== true && existsSync(checkpoint);
  try {
    const trained = await train({
      ...run,
      name,
      recipe: recipe.name,
      variant: recipe.variant,
      ...(recipe.predictor && { predictor: recipe.predictor }),
      engine,
      data,
      settings,
      splitSeed,
      withRows: run.rows ?? true,
      signal: run.signal ?? interrupt.signal,
      onEngine: (description) => print(`engine: ${description}`),
      // From here on there is no batch to stop after: Ctrl-C ends the process.
      onPackage: release,
      onStart: (history) => {
        if (replaced) print(`${checkpoint} will be overwritten: --resume would have continued from it`);
        if (run.resume) print(startLine(history.length, epochs));
        followers.onStart(history);
      },
      onEpoch: (epoch) => {
        followers.onEpoch(epoch);
        progress.onEpoch(epoch);
      },
      onProgress: progress.onProgress,
      onStage: (stage, done, of) => {
        // Whoever passes a signal keeps nothing of an interrupted run, and packaging takes a while.
        run.signal?.throwIfAborted();
        progress.onStage(stage, done, of);
      },
    });
    metrics = trained.artifact.manifest.metrics;
    const { interrupted, stoppedEarly, bestEpoch } = trained.fit;
    const note = sampleNote(data, trained.artifact.manifest.data.rows);
    if (note !== undefined) print(note);
    const { refused } = trained.artifact.manifest.training;
    if (refused !== undefined) print(`kept although ${refused}`);
    if (stoppedEarly) print(`stopped early: the best epoch was ${bestEpoch}`);
    if (interrupted && isOwn && existsSync(checkpoint)) print('interrupted: continue this run with --resume');
    return trained as Trained<R>;
  } finally {
    progress.stop();
    await followers.close(metrics);
    release();
  }
}

/** Settings under their own names, as the manifest records them. */
function flattened({ model, training, optimizer }: ResolvedSettings): Record<string, unknown> {
  return { ...model, ...training, ...optimizer };
}

function startLine(done: number, epochs: number): string {
  return done === 0
    ? 'no checkpoint to resume from: starting from the first epoch'
    : `resuming after epoch ${done} of ${epochs}`;
}

/** A feature is a column of the table, as everywhere else; the model sees one or more numbers of each. */
function widthText({ rows: { width }, preprocessing }: PreparedRun['data']): string {
  const features = preprocessing?.columns.length ?? width;
  return `${features} features${features === width ? '' : `, encoded as ${width} numbers`}`;
}
