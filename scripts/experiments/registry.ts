/** Every experiment, by the name that `npm run experiments -- --only <name>` takes. */
import type { Experiment } from './experiment.ts';

const PYTORCH_1_13 = 'PyTorch 1.13, the same model';
const KERAS = '[Keras blog](https://blog.keras.io/building-autoencoders-in-keras.html)';

const BCE = 'binary-cross-entropy';

export const EXPERIMENTS = {
  'mnist-5-epochs': {
    recipe: 'mnist',
    settings: { epochs: 5 },
    metric: BCE,
    seeds: [1, 2, 3],
    bound: { direction: '<=', value: 0.101 },
    pytorch: true,
    published: { value: 0.0994, source: PYTORCH_1_13 },
  },
  'mnist-10-epochs': {
    recipe: 'mnist',
    settings: { epochs: 10 },
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', value: 0.0945 },
    pytorch: true,
    published: { value: 0.0926, source: PYTORCH_1_13 },
  },
  'mnist-sparse': {
    recipe: 'mnist-sparse',
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', pytorchPlus: 0.002 },
    pytorch: true,
    published: { value: 0.1, source: `${KERAS}, no hidden layers, 100 epochs` },
  },
  'mnist-denoising': {
    recipe: 'mnist-denoising',
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', pytorchPlus: 0.002 },
    pytorch: true,
  },
  'mnist-contractive': {
    recipe: 'mnist-contractive',
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', pytorchPlus: 0.002 },
    pytorch: true,
  },
  'mnist-deep': {
    recipe: 'mnist-deep',
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', value: 0.09 },
    pytorch: true,
    published: { value: 0.08, source: `${KERAS}, 784-128-64-32, 100 epochs` },
  },
  'mnist-convolutional': {
    recipe: 'mnist-convolutional',
    metric: BCE,
    seeds: [1],
    bound: { direction: '<=', value: 0.094 },
    pytorch: true,
    published: { value: 0.094, source: `${KERAS}, max pooling to a code of 128, 50 epochs` },
  },
  'mnist-vae': {
    recipe: 'mnist-vae',
    metric: 'elbo',
    seeds: [1],
    bound: { direction: '>=', pytorchPlus: -2 },
    pytorch: true,
  },
} as const satisfies Record<string, Experiment>;

export type ExperimentName = keyof typeof EXPERIMENTS;
