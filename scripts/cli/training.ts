/** Running a recipe from the command line: settings, progress, Ctrl-C, resuming after a crash. */
import { existsSync } from 'node:fs';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import type { Matrix, Rows } from '../../shared/tensor.ts';
import { sampleNote } from '../../training/artifact/fittedRows.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import { readItems } from '../../training/data/itemTable.ts';
import { roleTable } from '../../training/data/roleTable.ts';
import { readRowNames } from '../../training/data/rowNames.ts';
import { SOURCES } from '../../training/data/sources/registry.ts';
import { ENGINES, type EngineName } from '../../training/engines/registry.ts';
import { checkpointPath } from '../../training/fitting/checkpoint.ts';
import type { InitialWeights } from '../../training/fitting/initialWeights.ts';
import type { AnyRecipe, Division } from '../../training/recipes/recipe.ts';
import { ROW_SCORES, type RowScoreKind } from '../../training/scoring/rowScores.ts';
import { type ResolvedSettings, resolveSettings } from '../../training/settings.ts';
import { type Trained, train } from '../../training/train.ts';
import { columnChoices, readingLines } from './columnFlags.ts';
import { type Following, followersOf } from './followers.ts';
import { readingProgress, trainingProgress } from './progress.ts';
import { recipeNamed } from './recipes.ts';
import { parseSettings } from './settingFlags.ts';
import { withShortSql } from './shortened.ts';
import { onStopSignal } from './signals.ts';

/** Choices about columns are among the options. */
export interface RecipeRun extends ColumnChoices, Following, Pick<Division, 'onRead'> {
  /** Name of the model. Default: that of the recipe. */
  readonly name?: string;
  readonly data?: string;
  /** Location of a table of a recommender's items. */
  readonly items?: string;
  /** Location of ids and texts of the rows, in their order. */
  readonly texts?: string;
  /** The same, unless `items` is given or the data comes with a table of its own. */
  readonly itemsByDefault?: string;
  readonly out: string;
  readonly engine: string;
  readonly seed: number;
  readonly threads?: number;
  /** True to resume from the last checkpoint. */
  readonly resume?: boolean;
  /** `key=value` pairs that override the recipe's settings. */
  readonly set: readonly string[];
  /** False for an artifact without rows of the data. */
  readonly rows?: boolean;
  /** True to keep a model that is worse than predicting the mean, or has diverged. */
  readonly force?: boolean;
  /** Weights to start from. */
  readonly initial?: InitialWeights;
  /** Ends training after the current batch, in place of Ctrl-C: the caller tells how the run goes on. */
  readonly signal?: AbortSignal;
}

const MAP_NOTE =
  'map.bin will hold a sample of the training rows, for the playground: a Worker serves it only with PLAYGROUND_DATA = "public" in wrangler.toml; --no-rows leaves it out';

/** A recipe with its data and the settings of this run. */
export interface PreparedRun {
  readonly recipe: AnyRecipe;
  readonly engine: EngineName;
  readonly data: Dataset<Rows>;
  readonly settings: AnyRecipe['settings'];
}

/**
 * Reads a recipe's data and resolves its settings.
 * @throws {InputError} for an unknown recipe or engine, and for settings or data that cannot be used.
 */
export async function prepareRecipe(name: string, run: RecipeRun): Promise<PreparedRun> {
  return prepareRun(await recipeNamed(name), run);
}

/** Does the same for a recipe that has already been found. */
export async function prepareRun(recipe: AnyRecipe, run: RecipeRun): Promise<PreparedRun> {
  const engine = run.engine as EngineName;
  lookUp(ENGINES, engine, 'engine');
  const given = parseSettings(recipe.variant, run.set);
  const known = resolveSettings(recipe.variant, { ...recipe.settings, ...given }).training;
  const shares = { validation: known.validationShare, test: known.testShare };
  const made = columnChoices(run, recipe);
  const choices = recipe.columns === true && run.known ? { ...made, known: run.known } : made;
  const rows = await recipe.data(run.data, { shares, seed: run.seed, onRead: run.onRead }, choices);
  const items = run.items ?? (rows.items === undefined ? run.itemsByDefault : undefined);
  const described = items === undefined ? rows : await readItems(rows, items);
  const read = run.texts === undefined ? described : await readRowNames(described, run.texts);
  // Statements before the last one may hold secrets: of SQL, only the source is recorded.
  const isRecorded = run.data !== undefined && !SOURCES.sql.recognises(run.data);
  const data = isRecorded ? { ...read, location: run.data } : read;
  const [flag] = Object.keys(made);
  if (flag !== undefined && data.choices === undefined) {
    throw new InputError(
      `--${flag}: expected a recipe that uses choices about columns, but ${recipe.name} ignores them; pass them on in its function, data: (path, division, choices) => ...`,
    );
  }
  return { recipe, engine, data, settings: { ...recipe.settings, ...recipe.settingsFor?.(data), ...given } };
}

/**
 * Trains a recipe and prints its progress. Ctrl-C ends training after the current batch and keeps the best
 * weights so far; a second Ctrl-C ends the process at once. `R` is the type of the recipe's rows.
 */
export async function trainRecipe<R extends Rows = Matrix>(
  name: string,
  run: RecipeRun,
  print: (line: string) => void,
): Promise<Trained<R>> {
  return trainPrepared<R>(await prepareShown(name, run, print), run, print);
}

/** Does the same as `prepareRecipe` and shows the reading of a large table. */
export async function prepareShown(
  name: string,
  run: RecipeRun,
  print: (line: string) => void,
): Promise<PreparedRun> {
  const { onRead, stop } = readingProgress(print);
  return prepareRecipe(name, { ...run, onRead }).finally(stop);
}

/** Returns a line for each decision about the data, with the flag that changes it. */
export function decisionLines({ roles = [], notes = [] }: Dataset<Rows>): string[] {
  return [...readingLines(roles), ...notes];
}

/** Trains a recipe, like `trainRecipe`, on data that has already been read. */
export async function trainPrepared<R extends Rows = Matrix>(
  { recipe, engine, data, settings }: PreparedRun,
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
      onStage: progress.onStage,
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

/**
 * Returns an entry of a registry.
 * @throws {InputError} with the list of entries if there is none of this name.
 */
function lookUp<T extends object>(registry: T, name: string, kind: string): T[keyof T] {
  if (!Object.hasOwn(registry, name)) {
    const names = Object.keys(registry);
    throw new InputError(
      `${kind} '${name}' is unknown; expected one of ${names.join(', ')}${didYouMean(name, names)}`,
    );
  }
  return registry[name as keyof T];
}

/** A feature is a column of the table, as everywhere else; the model sees one or more numbers of each. */
function widthText({ rows: { width }, preprocessing }: PreparedRun['data']): string {
  const features = preprocessing?.columns.length ?? width;
  return `${features} features${features === width ? '' : `, encoded as ${width} numbers`}`;
}
