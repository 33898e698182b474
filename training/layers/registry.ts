/** All layers, by the name of the function that creates them. */
import { averagePool2d } from './averagePool2d.ts';
import { batchNorm } from './batchNorm.ts';
import { conv2d } from './conv2d.ts';
import { convTranspose2d } from './convTranspose2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { itemLayer } from './items.ts';
import { layerNorm } from './layerNorm.ts';
import { maxPool2d } from './maxPool2d.ts';
import { recurrent } from './recurrent.ts';
import { flatten, reshape } from './reshape.ts';
import { upsample2d } from './upsample2d.ts';

interface LayerDefinition {
  /** One line for the documentation. */
  readonly summary: string;
  /** Shapes of the input and the output. */
  readonly shapes: string;
  readonly create: (...options: never[]) => unknown;
}

export const LAYERS = {
  averagePool2d: {
    summary: 'mean of every square window; the last windows may extend past the edge',
    shapes: '[N, C, H, W] to [N, C, H / size, W / size], rounded up',
    create: averagePool2d,
  },
  batchNorm: {
    summary:
      'scales the outputs of a dense or convolutional layer to mean 0 and variance 1 over the batch; part of the weights when exported',
    shapes: '[N, C, ...] to [N, C, ...]',
    create: batchNorm,
  },
  conv2d: {
    summary:
      'square kernels with strides, dilations and padding, a bias and an activation; He uniform weights',
    shapes: '[N, C, H, W] to [N, filters, H / stride, W / stride]',
    create: conv2d,
  },
  convTranspose2d: {
    summary: 'transposed convolution, which enlarges as much as a convolution with the same options shrinks',
    shapes: '[N, C, H, W] to [N, filters, H * stride, W * stride]',
    create: convTranspose2d,
  },
  dense: {
    summary:
      'activation(x W + b), with its own weights (Glorot uniform) or the transposed weights of another layer',
    shapes: '[N, inputs] to [N, units]',
    create: dense,
  },
  dropout: {
    summary: 'sets a share of the values to 0 in training',
    shapes: '[N, ...] to [N, ...]',
    create: dropout,
  },
  flatten: {
    summary: 'flattens every row to one axis of features',
    shapes: '[N, ...] to [N, features]',
    create: flatten,
  },
  itemLayer: {
    summary: 'dense layer over the items of a user, scaled to length 1; takes rows of ones or lists of ids',
    shapes: '[N, items] or ids [N, L] to [N, units]',
    create: itemLayer,
  },
  layerNorm: {
    summary: 'scales the outputs of a dense or convolutional layer to mean 0 and variance 1 over every row',
    shapes: '[N, C, ...] to [N, C, ...]',
    create: layerNorm,
  },
  maxPool2d: {
    summary: 'maximum of every square window; the last windows may extend past the edge',
    shapes: '[N, C, H, W] to [N, C, H / size, W / size], rounded up',
    create: maxPool2d,
  },
  recurrent: {
    summary: 'LSTM or GRU along a sequence; orthogonal recurrent weights',
    shapes: '[steps, N, inputs] to [steps, N, units]',
    create: recurrent,
  },
  reshape: {
    summary: 'reshapes every row',
    shapes: '[N, ...] to [N, ...shape]',
    create: reshape,
  },
  upsample2d: {
    summary: 'repeats every pixel `factor` times vertically and horizontally, and crops to `size`',
    shapes: '[N, C, H, W] to [N, C, ...size]',
    create: upsample2d,
  },
} as const satisfies Record<string, LayerDefinition>;

export type LayerName = keyof typeof LAYERS;
