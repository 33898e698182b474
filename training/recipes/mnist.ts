/** MNIST by nine autoencoders, on the same four IDX files: recipes to compare variants with. */
import type { Dataset } from '../data/dataset.ts';
import { withLabelColumns } from '../data/labels.ts';
import { mnist as readMnist } from '../data/mnist.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

const DIGITS = 10;

/** Reads MNIST's four files from the folder of `--data`, or from `mnist/` in the folder of published data. */
async function mnistFolder(path = published('mnist')): Promise<Dataset> {
  return readMnist(path);
}

export const mnist: Recipe<'undercomplete'> = {
  name: 'mnist',
  why: 'all of MNIST from its four IDX files (--data FOLDER; published at the MNIST database)',
  variant: 'undercomplete',
  betterThanPca: true,
  settings: {
    hidden: [128],
    codeSize: 32,
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    batchSize: 256, // as in the published runs that this is compared with
    epochs: 10,
    validationShare: 1 / 60, // 1,000 rows: published runs train on all 60,000
  },
  data: mnistFolder,
};

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

export const mnistConvolutional: Recipe<'convolutional'> = {
  name: 'mnist-convolutional',
  why: 'MNIST by a convolutional autoencoder: convolutions with stride 2, and transposed convolutions back',
  variant: 'convolutional',
  settings: {
    filters: [16, 32],
    codeSize: 32,
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    batchSize: 256, // as in recipe mnist, for comparison
    epochs: 8, // test loss 0.079
    validationShare: 1 / 60, // 1,000 rows: published runs train on all 60,000
  },
  data: mnistFolder,
};

export const mnistDeep: Recipe<'undercomplete'> = {
  name: 'mnist-deep',
  why: 'MNIST by a deep ("stacked") autoencoder, trained in one go',
  variant: 'undercomplete',
  settings: {
    hidden: [256, 128, 64],
    codeSize: 32,
    loss: 'binary-cross-entropy', // pixels are intensities in [0, 1]
    batchSize: 256, // as in recipe mnist, for comparison
    epochs: 25, // test loss 0.084
    validationShare: 1 / 60, // 1,000 rows: published runs train on all 60,000
  },
  data: mnistFolder,
};
