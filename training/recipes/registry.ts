/** Every recipe, by the name that `npm run train -- <name>` takes. */
import { digits } from './digits.ts';
import { mnist } from './mnist.ts';
import type { Recipe } from './recipe.ts';

export const RECIPES = {
  digits,
  mnist,
} as const satisfies Record<string, Recipe>;
