import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recipeSettings } from '../../../scripts/cli/recipeSettings.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';

it.each(Object.values(RECIPES))(
  'the help of $name has the settings that it chooses, and the page of all',
  (recipe) => {
    const lines = recipeSettings(recipe).split('\n');
    expect(lines).toHaveLength(2 + Object.keys(recipe.settings).length);
    for (const [i, name] of Object.keys(recipe.settings).entries())
      expect(lines[1 + i]).toMatch(new RegExp(`^  ${name}=\\S+ {2,}\\S`));
    expect(existsSync(lines.at(-1)!.split(': ')[1]!)).toBe(true);
  },
);

it('values are as --set takes them', () => {
  expect(recipeSettings(RECIPES.anomaly)).toMatch(/ {2}contamination=0\.05 +share of the training rows/);
  expect(recipeSettings(RECIPES.anomaly)).toContain('  hidden=16 ');
  expect(recipeSettings(undefined)).toContain('<recipe> --help');
});
