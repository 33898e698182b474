import { expect, it } from 'vitest';
import { movies } from '../../../training/recipes/movies.ts';
import { realData } from '../../support/data/realData.ts';

const DIVISION = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };

it('recipe movies has the users and the titles of MovieLens, as published', async () => {
  const { rows, featureNames, items } = await movies.data(realData('movielens-small'), DIVISION);
  // Of 610 users, 603 gave five ratings of 4 or more.
  expect([rows.rowCount, rows.width]).toEqual([603, 6298]);
  expect(items!.titles![featureNames!.indexOf('318')]).toBe('Shawshank Redemption, The (1994)');
});
