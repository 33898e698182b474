import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistSparse: Recipe<'sparse'> = {
  name: 'mnist-sparse',
  why: 'MNIST with an L1 penalty on the code: most units are 0 for any one digit',
  variant: 'sparse',
  settings: {
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    sparsityWeight: 1e-5, // of a row; published runs sum it over batches of 32, which is 3.2e-4 here
    batchSize: 256,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
