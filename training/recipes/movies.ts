import { published } from './published.ts';
import type { Recipe } from './recipe.ts';
import { recommend } from './recommend.ts';

const { needsData: _, ...ofTables } = recommend;

export const movies: Recipe<'recommender'> = {
  ...ofTables,
  name: 'movies',
  why: "the recipe recommend on MovieLens' ratings of films",
  data: async (path = published('movielens-small'), ...rest) => recommend.data(path, ...rest),
};
