/** Recipes by name: latentedge's own, and those that the project defines in `models.ts`. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { ModelName } from '../../shared/manifest.ts';
import type { NamedVariant } from '../../training/models/variantChoice.ts';
import type { AnyRecipe } from '../../training/recipes/recipe.ts';
import { RECIPES } from '../../training/recipes/registry.ts';

/** The project's recipes are exported from the first of these that is there. */
const FILES = ['models.ts', 'models.mts', 'models.js', 'models.mjs'];

let loaded: Promise<Readonly<Record<string, AnyRecipe>>> | undefined;

/**
 * Returns every recipe that can be run in the current folder: the project's own, and those of latentedge
 * except for any of the same name.
 * @throws {InputError} if the project's file cannot be loaded, or exports an invalid recipe.
 */
export function knownRecipes(): Promise<Readonly<Record<string, AnyRecipe>>> {
  loaded ??= ownRecipes().then((own) => ({ ...own, ...without(RECIPES, own) }));
  return loaded;
}

/** The variants that recipes of the project define themselves. */
export async function ownVariants(): Promise<NamedVariant[]> {
  const variants = Object.values(await knownRecipes()).map(({ variant }) => variant);
  return variants.filter((variant) => typeof variant !== 'string');
}

/** @throws {InputError} for a name that no recipe has. */
export async function recipeNamed(name: string): Promise<AnyRecipe> {
  const recipes = await knownRecipes();
  if (Object.hasOwn(recipes, name)) return recipes[name]!;
  const names = Object.keys(recipes);
  throw new InputError(
    `recipe '${name}' is unknown; expected one of ${names.join(', ')}${didYouMean(name, names)}`,
  );
}

async function ownRecipes(): Promise<Record<string, AnyRecipe>> {
  const file = FILES.find((each) => existsSync(each));
  if (file === undefined) return {};
  const exported = Object.entries(await load(file)).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((each) => [name, each] as const) : [[name, value] as const],
  );
  const recipes = exported.filter(([, value]) => looksLikeRecipe(value));
  return Object.fromEntries(
    recipes.map(([name, value]) => {
      const recipe = checked(file, name, value as AnyRecipe);
      return [recipe.name, recipe];
    }),
  );
}

/** Node 20 runs no TypeScript by itself; jiti runs it everywhere, and shares the modules that it imports with us. */
async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await createJiti(import.meta.url).import(resolve(file));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${file} cannot be loaded`, { cause });
  }
}

/** Helpers may be exported, too; an object with data and a variant is meant to be a recipe. */
function looksLikeRecipe(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'data' in value && 'variant' in value;
}

function checked(file: string, exportName: string, recipe: AnyRecipe): AnyRecipe {
  const name = ModelName.safeParse(recipe.name);
  if (!name.success) {
    throw new InputError(
      `${file}: ${exportName}.name: ${name.error.issues[0]!.message}; received ${JSON.stringify(recipe.name)}`,
    );
  }
  if (typeof recipe.data !== 'function') {
    throw new InputError(
      `${file}: ${exportName}.data: expected a function that reads the rows, received ${typeof recipe.data}`,
    );
  }
  return recipe;
}

function without<T extends object>(registry: T, own: object): Partial<T> {
  return Object.fromEntries(
    Object.entries(registry).filter(([name]) => !Object.hasOwn(own, name)),
  ) as Partial<T>;
}
