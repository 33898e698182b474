import { withLabelColumns } from '../data/labels.ts';
import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

const DIGITS = 10;

export const mnistConditionalVae: Recipe<'variational'> = {
  name: 'mnist-conditional-vae',
  why: 'MNIST by a variational autoencoder conditioned on the digit: it draws any digit in any handwriting',
  variant: 'variational',
  settings: {
    conditionSize: DIGITS, // the label, one-hot
    hidden: [400], // as in mnist-vae, for comparison
    codeSize: 20,
    likelihood: 'bernoulli', // pixels are intensities in [0, 1]
    batchSize: 128,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: async (path) => withLabelColumns(await mnistFolder(path)),
};
