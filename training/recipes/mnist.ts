import { mnistFolder } from './mnistFolder.ts';
import type { Recipe } from './recipe.ts';

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
