/** Cases for the operators on images. */
import { averagePool, upsample } from '../../../training/graph/ops/averagePool.ts';
import { type ConvTransposeOptions, conv, convTranspose } from '../../../training/graph/ops/conv.ts';
import { gather } from '../../../training/graph/ops/gather.ts';
import { maxPool, maxPoolWithPositions, maxUnpoolOp } from '../../../training/graph/ops/maxPool.ts';
import { pad } from '../../../training/graph/ops/pad.ts';
import type { OPS } from '../../../training/graph/ops/registry.ts';
import { reshape } from '../../../training/graph/ops/reshape.ts';
import { shapeOf } from '../../../training/graph/ops/shape.ts';
import { transpose } from '../../../training/graph/ops/transpose.ts';
import type { Pair, Sliding } from '../../../training/graph/ops/windows.ts';
import type { Shape } from '../../../training/graph/types.ts';
import { apply, input, int64s } from '../../../training/graph/value.ts';
import type { OpCase } from './opCase.ts';

/** Shapes of the image and the weight, and the parameters of the convolution. */
const CONVOLUTIONS: readonly (readonly [Shape, Shape, ConvTransposeOptions])[] = [
  [['N', 1, 5, 5], [1, 1, 1, 1], {}],
  [['N', 2, 7, 5], [3, 2, 3, 3], {}],
  [['N', 2, 7, 5], [3, 2, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2] }],
  // The last row and column are in no window.
  [['N', 3, 6, 8], [1, 3, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2], outputPadding: [1, 1] }],
  [['N', 1, 7, 9], [5, 1, 2, 3], { pads: [0, 1, 2, 0], strides: [3, 2], outputPadding: [2, 1] }],
  [['N', 2, 9, 8], [3, 2, 3, 2], { dilations: [2, 3], pads: [2, 0, 1, 3], strides: [2, 1] }],
  // Few output channels: the gradient of the weights collects by pixel, not by window.
  [['N', 6, 5, 5], [1, 6, 3, 3], { pads: [1, 1, 1, 1] }],
  [[3, 2, 5, 5], [2, 2, 3, 3], { pads: [1, 1, 1, 1] }],
];

const convCases = CONVOLUTIONS.flatMap(([image, weight, { outputPadding: _, ...options }]): OpCase[] => [
  { inputs: [image, weight], build: ([x, w]) => conv(x!, w!, options) },
  {
    inputs: [image, weight, [weight[0]!]],
    build: ([x, w, bias]) => conv(x!, w!, { ...options, bias: bias! }),
  },
]);

const convTransposeCases = CONVOLUTIONS.flatMap(([[batch, , ...size], weight, options]): OpCase[] => {
  const image = [batch!, weight[0]!, ...size];
  return [
    { inputs: [image, weight], build: ([x, w]) => convTranspose(x!, w!, options) },
    {
      inputs: [image, weight, [weight[1]!]],
      build: ([x, w, bias]) => convTranspose(x!, w!, { ...options, bias: bias! }),
    },
  ];
});

const TILINGS: readonly (readonly [Shape, Pair, Omit<Sliding, 'dilations'>])[] = [
  [['N', 2, 6, 4], [2, 2], { strides: [2, 2] }],
  [['N', 3, 7, 5], [2, 2], { strides: [2, 2], pads: [0, 0, 1, 1] }],
  [['N', 1, 7, 8], [2, 3], { strides: [3, 4], pads: [1, 0, 0, 1] }],
];
const OVERLAPPING: typeof TILINGS = [
  [['N', 2, 7, 5], [3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }],
  [['N', 1, 6, 6], [3, 2], {}],
];

export const IMAGE_OP_CASES = {
  AveragePool: [...TILINGS, ...OVERLAPPING].map(
    ([image, kernel, sliding]): OpCase => ({
      inputs: [image],
      build: ([x]) => averagePool(x!, kernel, sliding),
    }),
  ),
  Conv: convCases,
  ConvTranspose: convTransposeCases,
  Gather: [
    { inputs: [['N', 5]], build: ([x]) => gather(x!, int64s([4, 0, 0, 2]), 1) },
    { inputs: [[5, 'N', 3]], build: ([x]) => gather(x!, int64s([1]), 0) },
    { inputs: [[3, 4, 'N']], build: ([x]) => gather(x!, int64s([3, 3, 1, 3, 0]), 1) },
  ],
  MaxPool: TILINGS.map(
    ([image, kernel, sliding]): OpCase => ({ inputs: [image], build: ([x]) => maxPool(x!, kernel, sliding) }),
  ),
  MaxUnpool: TILINGS.map(([image, kernel, sliding]): OpCase => {
    return {
      inputs: [maxPool(input('x', image), kernel, sliding).shape, image],
      wrt: [0],
      build: ([values, x]) => {
        const [, positions] = maxPoolWithPositions(x!, kernel, sliding);
        const attributes = { kernel_shape: kernel, strides: [1, 1], pads: [0, 0, 0, 0], ...sliding };
        return apply(maxUnpoolOp, [values!, positions!, shapeOf(x!)], attributes);
      },
    };
  }),
  Pad: [
    { inputs: [['N', 5]], build: ([x]) => pad(x!, [0, 2, 0, 1]) },
    { inputs: [['N', 5, 7]], build: ([x]) => pad(x!, [0, -1, 2, 0, 0, -3]) },
    { inputs: [[3, 'N']], build: ([x]) => pad(x!, [1, 0, -1, 0]) },
  ],
  Reshape: [
    { inputs: [['N', 6]], build: ([x]) => reshape(x!, [0, 3, 2]) },
    { inputs: [['N', 3, 5]], build: ([x]) => reshape(x!, [-1, 15]) },
    { inputs: [['N', 2, 3]], build: ([x]) => reshape(reshape(x!, [2, -1]), [-1, 6]) },
    { inputs: [[3, 4]], build: ([x]) => reshape(x!, [2, -1, 1]) },
  ],
  Resize: [
    { inputs: [['N', 2, 3, 5]], build: ([x]) => upsample(x!, [2, 2]) },
    { inputs: [['N', 1, 1, 3]], build: ([x]) => upsample(x!, [3, 1]) },
    { inputs: [['N', 3, 3, 2]], build: ([x]) => upsample(x!, [5, 4]) },
  ],
  Transpose: [
    { inputs: [['N', 5]], build: ([x]) => transpose(x!, [1, 0]) },
    { inputs: [['N', 3, 5, 2]], build: ([x]) => transpose(x!, [2, 0, 3, 1]) },
    { inputs: [[3, 'N', 5]], build: ([x]) => transpose(x!, [2, 0, 1]) },
  ],
} as const satisfies Partial<Record<keyof typeof OPS, readonly OpCase[]>>;
