import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistSparse: Recipe<'sparse'> = {
  name: 'mnist-sparse',
  why: 'MNIST by a sparse autoencoder: an L1 penalty keeps most of the code at 0 for any one digit',
  variant: 'sparse',
  settings: {
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    sparsityWeight: 1e-5, // per row; published runs sum it over batches of 32, which makes 3.2e-4
    batchSize: 256,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
