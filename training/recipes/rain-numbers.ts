import { mixedWeather, rainMixed } from './rain-mixed.ts';
import type { Recipe } from './recipe.ts';

export const rainNumbers: Recipe<'denoising'> = {
  ...rainMixed,
  name: 'rain-numbers',
  why: 'rain-mixed without wind directions and location, to see what they add (--data weatherAUS.csv)',
  data: (path, division) => mixedWeather(path, division, ({ type }) => type !== 'category'),
};
