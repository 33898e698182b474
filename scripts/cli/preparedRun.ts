/** Recipes with their data and the settings of a run, ready to train. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import { readItems } from '../../training/data/itemTable.ts';
import { LocationError } from '../../training/data/read.ts';
import { readRowNames } from '../../training/data/rowNames.ts';
import { SOURCES } from '../../training/data/sources/registry.ts';
import { ENGINES, type EngineName } from '../../training/engines/registry.ts';
import type { InitialWeights } from '../../training/fitting/initialWeights.ts';
import type { AnyRecipe, Division } from '../../training/recipes/recipe.ts';
import { resolveSettings } from '../../training/settings.ts';
import { columnChoices, readingLines } from './columnFlags.ts';
import type { Following } from './followers.ts';
import { readingProgress } from './progress.ts';
import { recipeNamed } from './recipes.ts';
import { parseSettings } from './settingFlags.ts';

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
  /** The seed by which rows are drawn and split. Default: `seed`. */
  readonly splitSeed?: number;
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
  /** Ends training after the current batch, and packaging after the current stage, in place of Ctrl-C: nothing is kept. */
  readonly signal?: AbortSignal;
}

/** A recipe with its data and the settings of this run. */
export interface PreparedRun {
  readonly recipe: AnyRecipe;
  readonly engine: EngineName;
  readonly data: Dataset<Rows>;
  readonly settings: AnyRecipe['settings'];
  readonly splitSeed: number;
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
  const { onRead, splitSeed = run.seed } = run;
  const division = { shares, seed: splitSeed, onRead };
  const rows = await namedByFlag(run.data, recipe.data(run.data, division, choices));
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
  const settings = { ...recipe.settings, ...recipe.settingsFor?.(data), ...given };
  return { recipe, engine, data, settings, splitSeed };
}

/** Adds the flag to an error about a location that was given by it. */
export function namedByFlag<Data>(location: string | undefined, reading: Promise<Data>): Promise<Data> {
  return reading.catch((error: unknown) => {
    if (location === undefined || !(error instanceof LocationError)) throw error;
    throw new InputError(`--data ${error.message}`);
  });
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

/**
 * Returns an entry of a registry.
 * @throws {InputError} with the list of entries if there is none of this name.
 */
export function lookUp<T extends object>(registry: T, name: string, kind: string): T[keyof T] {
  if (!Object.hasOwn(registry, name)) {
    const names = Object.keys(registry);
    throw new InputError(
      `${kind} '${name}' is unknown; expected one of ${names.join(', ')}${didYouMean(name, names)}`,
    );
  }
  return registry[name as keyof T];
}
