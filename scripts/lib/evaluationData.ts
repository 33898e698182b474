/** The rows that a model is evaluated on. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import { fromRows } from '../../training/data/rows.ts';
import type { Recipe } from '../../training/recipes/recipe.ts';
import { RECIPES } from '../../training/recipes/registry.ts';

const Body = z.object({ rows: z.array(z.array(z.number())) });

/**
 * Rows from a JSON file, in the form that the API takes them (`{"rows": [[...]]}`), or from where the recipe of the model
 * has its data.
 * @throws {InputError} when they cannot be read, or when there is neither a file nor a recipe.
 */
export async function evaluationData({ name, recipe }: Manifest, path?: string): Promise<Dataset> {
  if (path?.endsWith('.json')) return { ...fromRows(await readBody(path)), source: path };
  const recipes: Readonly<Record<string, Recipe>> = RECIPES;
  const own = recipes[recipe.name];
  if (own !== undefined) return own.data(path);
  throw new InputError(
    `${name} was not trained by a recipe: give rows with --data FILE.json, as {"rows": [[...]]}; received ${path ?? 'none'}`,
  );
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
