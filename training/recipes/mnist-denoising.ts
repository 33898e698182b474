import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistDenoising: Recipe<'denoising'> = {
  name: 'mnist-denoising',
  why: 'MNIST by a denoising autoencoder: reconstructs clean digits from copies with Gaussian noise',
  variant: 'denoising',
  settings: {
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    corruption: 'gaussian',
    corruptionAmount: 0.5, // digits stay legible
    batchSize: 256,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
