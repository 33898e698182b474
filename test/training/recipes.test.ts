import { describe, expect, it } from 'vitest';
import { ModelName } from '../../shared/manifest.ts';
import type { Recipe } from '../../training/recipes/recipe.ts';
import { RECIPES } from '../../training/recipes/registry.ts';
import { resolveSettings } from '../../training/settings.ts';

describe.each(Object.entries<Recipe>(RECIPES))('recipe %s', (key, recipe) => {
  it('has a name that a model can have, one line that says why, and settings that exist', () => {
    expect(recipe.name).toBe(key);
    expect(ModelName.parse(recipe.name)).toBe(key);
    expect(recipe.why).toMatch(/^\S[^\n]{10,120}$/);
    expect(resolveSettings(recipe.variant, recipe.settings).training.epochs).toBeGreaterThan(0);
  });

  it('says what is wrong with data that is not there', async () => {
    await expect(recipe.data('/nowhere')).rejects.toThrow(/\/nowhere|takes no --data/);
  });
});
