import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

export const mnistVqVae: Recipe<'vector-quantized'> = {
  name: 'mnist-vq-vae',
  why: 'MNIST by a vector-quantized autoencoder: a digit becomes 16 entries of a codebook of 256, or 16 bytes',
  variant: 'vector-quantized',
  settings: {
    hidden: [400], // as in mnist-vae
    codeSize: 64,
    embeddingSize: 4,
    codebookSize: 256,
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    batchSize: 128,
    epochs: 10,
    validationShare: 1 / 60, // published runs train on all 60,000
  },
  data: mnistFolder,
};
