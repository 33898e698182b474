import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { AnyRecipe } from '../../../training/recipes/recipe.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { keptFolder } from '../../support/data/data.ts';
import { writePublishedLike } from '../../support/data/publishedLike.ts';

const folder = keptFolder();
const division = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };
const recipes = Object.entries<AnyRecipe>(RECIPES);
/** Recipes whose data is published elsewhere. */
const PUBLISHED = recipes.filter(([name, { needsData }]) => !name.startsWith('digits') && !needsData);

beforeAll(() => writePublishedLike(folder));
afterEach(() => vi.unstubAllEnvs());

it.each(PUBLISHED)('recipe %s reads data in the form in which it is published', async (_, recipe) => {
  vi.stubEnv('LATENTEDGE_DATA', folder);
  const { rows } = await recipe.data(undefined, division);
  expect(rows.rowCount).toBeGreaterThan(15);
  expect(rows.width).toBeGreaterThan(1);
});

it.each(PUBLISHED)(
  'recipe %s says where its data comes from and what to pass, without it',
  async (_, recipe) => {
    vi.stubEnv('LATENTEDGE_DATA', '/nowhere');
    await expect(recipe.data(undefined, division)).rejects.toThrow(
      /^\/nowhere\/\S+: no such file or folder; expected .+(https:\/\/|CONTRIBUTING\.md).+ --data path\/to\/\S+, or set LATENTEDGE_DATA/,
    );
  },
);
