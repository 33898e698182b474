import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistVae: Recipe<'variational'> = {
  name: 'mnist-vae',
  why: 'MNIST by a variational autoencoder, 784-400-20, whose codes can be sampled',
  variant: 'variational',
  settings: {
    hidden: [400],
    codeSize: 20,
    likelihood: 'bernoulli', // pixels are intensities in [0, 1]
    batchSize: 128, // as in the PyTorch example
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
