import { describe, expect, it } from 'vitest';
import { ModelName } from '../../../shared/manifest.ts';
import type { AnyRecipe } from '../../../training/recipes/recipe.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';

describe.each(Object.entries<AnyRecipe>(RECIPES))('recipe %s', (key, recipe) => {
  it('has a valid model name, a one-line summary, and existing settings', () => {
    expect(recipe.name).toBe(key);
    expect(ModelName.parse(recipe.name)).toBe(key);
    expect(recipe.why).toMatch(/^\S[^\n]{10,120}$/);
    expect(resolveSettings(recipe.variant, recipe.settings).training.epochs).toBeGreaterThan(0);
  });

  it('says what is wrong with data that is not there', async () => {
    const division = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };
    await expect(recipe.data('/nowhere', division)).rejects.toThrow(/\/nowhere|takes no --data/);
  });
});
