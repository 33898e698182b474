/** Rows to evaluate a model on. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { splitSeedOf } from '../../shared/splitSeed.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import { fittedColumns } from '../../training/artifact/describeFeatures.ts';
import { knownColumns } from '../../training/artifact/knownColumns.ts';
import { anomalyLabels } from '../../training/data/anomalyLabels.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import { readingOf } from '../../training/data/chosenColumns.ts';
import { type Dataset, fingerprint } from '../../training/data/dataset.ts';
import { foundLabel } from '../../training/data/foundLabel.ts';
import { fromItemLists, fromTimedLists } from '../../training/data/interactions.ts';
import { isPipe } from '../../training/data/localCopy.ts';
import { numericDataset } from '../../training/data/numeric.ts';
import type { FittedColumn } from '../../training/data/preprocessing.ts';
import { readDataset, readTable } from '../../training/data/read.ts';
import { inferRoles } from '../../training/data/roles.ts';
import { fromRows } from '../../training/data/rows.ts';
import { SOURCES } from '../../training/data/sources/registry.ts';
import { columnOf, numbersOf, type Table } from '../../training/data/table.ts';
import { encodedDataset } from '../../training/preprocess/dataset.ts';
import type { AnyRecipe, Division } from '../../training/recipes/recipe.ts';
import { recommend } from '../../training/recipes/recommend.ts';
import type { MeasuredRows } from '../../training/report/keyFigures.ts';
import { TrainingConfig } from '../../training/settings.ts';
import { namedByFlag } from './preparedRun.ts';
import { knownRecipes } from './recipes.ts';

const Body = z.object({ rows: z.array(z.array(z.number())) });

/**
 * Reads the data of the model's recipe or, given a path, other rows: a JSON file with a request body of the
 * API (`{"rows": [[...]]}`), a folder that the recipe takes as `--data`, or any other source that can be
 * trained on. Only the columns that the model has are read from a table.
 * @throws {InputError} if the rows cannot be read, or if there is neither a path nor a recipe.
 */
export function evaluationData(manifest: Manifest, path?: string): Promise<Dataset<Rows>> {
  return namedByFlag(path, readRows(manifest, path));
}

async function readRows(manifest: Manifest, path: string | undefined): Promise<Dataset<Rows>> {
  const { name, recipe, features } = manifest;
  const own = (await knownRecipes())[recipe.name];
  if (path === undefined && own === undefined) {
    throw new InputError(`${name} was not trained by a recipe: expected rows with --data, received none`);
  }
  const columns = fittedColumns(manifest);
  if (columns === undefined && path?.endsWith('.json'))
    return { ...fromRows(await readBody(path)), source: path };
  const division = divisionOf(manifest);
  const isFolder = path !== undefined && existsSync(path) && statSync(path).isDirectory();
  const isWindowed = manifest.data.choices?.length !== undefined;
  if (own !== undefined && (path === undefined || isFolder || isWindowed)) {
    const { location: given, source } = manifest.data;
    const location = path ?? given ?? recordedLocation(source, own.needsData);
    return own.data(location, division, choicesOf(manifest, own));
  }
  if (manifest.graphs.recommend !== undefined) {
    return withItems(await (own ?? recommend).data(path, division), features.names!);
  }
  if (columns !== undefined) return readEncoded(path!, columns, manifest);
  return features.names === null ? readDataset(path!) : readColumns(path!, features.names);
}

/** Returns the split that the model was trained with. */
function divisionOf(manifest: Manifest): Division {
  const { config } = manifest.recipe;
  const { validationShare, testShare } = TrainingConfig.pick({
    validationShare: true,
    testShare: true,
  }).parse({ validationShare: config.validationShare, testShare: config.testShare });
  return { shares: { validation: validationShare, test: testShare }, seed: splitSeedOf(manifest) };
}

/** Returns the choices that read the data as in training; a label may be found that training had none of. */
function choicesOf(manifest: Manifest, recipe: AnyRecipe): ColumnChoices | undefined {
  const { choices } = manifest.data;
  const known = recipe.columns === true ? knownColumns(manifest) : undefined;
  if (known === undefined) return choices;
  return { ...choices, known: { ...known, isLabelOpen: choices?.label === undefined } };
}

/**
 * Returns what the model has to do with the rows at `path`, read as `given`: they are its training data if they
 * have the same fingerprint, wherever the file lies now.
 */
export async function measuredRows(
  manifest: Manifest,
  given: Dataset<Rows>,
  path: string | undefined,
): Promise<MeasuredRows> {
  if (path === undefined) return 'held out';
  const { rows, fingerprint: expected } = manifest.data;
  // Reading a second time takes as long as the first. Recipes may drop rows, but add none; some validate on
  // the test rows.
  const rowCount = given.rows.rowCount + (given.test?.rowCount ?? 0);
  if (rowCount < rows.train + rows.test) return 'others';
  const again = await readAsInTraining(manifest, path);
  if (fingerprint(again ?? given) !== expected) return 'others';
  return given.test === undefined ? 'trained on' : 'held out';
}

/** Reads the data as the model's recipe does; undefined if that is not possible. */
async function readAsInTraining(manifest: Manifest, path: string): Promise<Dataset<Rows> | undefined> {
  if (isPipe(path)) return undefined; // it has been read
  const recipe = (await knownRecipes())[manifest.recipe.name];
  try {
    return await recipe?.data(path, divisionOf(manifest), choicesOf(manifest, recipe));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * Returns the location of the data that a model was trained on whose manifest names only the source;
 * undefined if that is the recipe's own data, which no location describes, such as that of a package.
 */
function recordedLocation(source: string, needsData = false): string | undefined {
  const isLocation =
    needsData || existsSync(source) || SOURCES.sql.recognises(source) || GLOB_OR_URL.test(source);
  return isLocation ? source : undefined;
}

const GLOB_OR_URL = /[*?[]|^\w+:\/\//;

/**
 * Selects the columns of a recommender's items by name; other items are unknown to it and left out.
 * @throws {InputError} if it knows none of the items.
 */
function withItems(data: Dataset<Rows>, names: readonly string[]): Dataset<Rows> {
  if (!isSparse(data.rows)) return data;
  const known = new Map(names.map((name, item) => [name, item]));
  const renamed = data.featureNames!.map((name) => known.get(name));
  if (!renamed.some((item) => item !== undefined)) {
    throw new InputError(
      `${data.source}: expected items of the model (${names.slice(0, 3).join(', ')}, ...), received others (${data.featureNames!.slice(0, 3).join(', ')}, ...)`,
    );
  }
  const users: Map<number, number>[] = [];
  const { rowStarts, columns, times } = data.rows;
  for (let row = 0; row < data.rows.rowCount; row++) {
    const own = new Map<number, number>();
    for (let i = rowStarts[row]!; i < rowStarts[row + 1]!; i++) {
      const item = renamed[columns[i]!];
      if (item !== undefined) own.set(item, times?.[i] ?? 0);
    }
    if (own.size > 0) users.push(own);
  }
  const lists = () => users.map((own) => [...own.keys()]);
  const read = times === undefined ? fromItemLists(lists(), names) : fromTimedLists(users, names);
  return { ...read, source: data.source };
}

async function readColumns(path: string, names: readonly string[]): Promise<Dataset> {
  const table = await readTable(path);
  const own = { ...table, columns: names.map((name) => columnOf(table, name)) };
  const used = Object.fromEntries(names.map((name) => [name, { role: 'feature' as const }]));
  return { ...numericDataset(own, inferRoles(own, used)), ...labelsOf(table, names) };
}

/**
 * Reads columns as the types that they had in training, whatever they look like here, and the target if
 * present.
 */
async function readEncoded(
  path: string,
  columns: readonly FittedColumn[],
  { prediction, data: { choices } }: Manifest,
): Promise<Dataset> {
  const target = prediction?.target;
  const types = columns.flatMap(({ name, type }) => (type === 'boolean' ? [] : [[name, type] as const]));
  const table = await readTable(path, { ...readingOf(choices ?? {}), types: Object.fromEntries(types) });
  const names = columns.map(({ name }) => name);
  const data = { ...encodedDataset(table, columns), ...labelsOf(table, names, choices) };
  const known = table.columns.find(({ name, type }) => name === target && type === 'number');
  return known === undefined ? data : { ...data, target: { name: known.name, rows: numbersOf(known) } };
}

/** The column that marks anomalies, if there is one that the model does not take as a feature. */
function labelsOf(
  table: Table,
  features: readonly string[],
  { label, positive }: ColumnChoices = {},
): Pick<Dataset, 'labels'> {
  const others = table.columns.filter(({ name }) => !features.includes(name));
  const chosen = others.find(({ name }) => name === label);
  const column = chosen ?? foundLabel({ ...table, columns: others }, {}).column;
  if (column === undefined) return {};
  const labels = anomalyLabels(column, positive);
  return labels === undefined ? {} : { labels };
}

async function readBody(path: string): Promise<number[][]> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InputError(`${path}: cannot be read as JSON`, { cause });
  }
  const body = Body.safeParse(json);
  if (body.success) return body.data.rows;
  const [issue] = body.error.issues;
  throw new InputError(`${path}: expected {"rows": [[...]]}; '${issue!.path.join('.')}': ${issue!.message}`);
}
