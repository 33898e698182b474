import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistContractive: Recipe<'contractive'> = {
  name: 'mnist-contractive',
  why: 'MNIST by a contractive autoencoder, whose code is insensitive to small changes of the digit',
  variant: 'contractive',
  settings: {
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    codeSize: 32,
    codeActivation: 'relu', // sigmoid and tanh codes saturate on these all-positive inputs and stop learning
    contractionWeight: 1e-5, // the loss is a mean over 784 pixels, the norm a sum over 784 x 32 derivatives
    batchSize: 256,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
