import type { VariantChoice } from '../models/variantChoice.ts';
import type { Recipe } from './recipe.ts';

/**
 * Returns a recipe unchanged, with its settings checked against those of its variant. Exported from a project's `models.ts`,
 * it is trained by `npx latentedge train <name>`.
 *
 * @example
 * export const orders = defineRecipe({
 *   ...RECIPES.anomaly,
 *   name: 'orders',
 *   why: 'orders unlike most others',
 *   data: (path = 'orders.csv', division, choices) => RECIPES.anomaly.data(path, division, choices),
 * });
 */
export function defineRecipe<V extends VariantChoice>(recipe: Recipe<V>): Recipe<V> {
  return recipe;
}
