import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistContractive: Recipe<'contractive'> = {
  name: 'mnist-contractive',
  why: 'MNIST with one sigmoid layer that is made insensitive to small changes of the digit',
  variant: 'contractive',
  settings: {
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    codeSize: 32,
    contractionWeight: 1e-6, // the loss is a mean over 784 pixels, the norm a sum over 784 x 32 derivatives
    learningRate: 3e-3, // sigmoid layers start slowly
    batchSize: 256,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
