import { expect, it } from 'vitest';
import { gradients } from '../../../training/graph/autodiff.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { conv, convTranspose } from '../../../training/graph/ops/conv.ts';
import { maxPool } from '../../../training/graph/ops/maxPool.ts';
import { square } from '../../../training/graph/ops/powers.ts';
import { reshape } from '../../../training/graph/ops/reshape.ts';
import { input } from '../../../training/graph/value.ts';
import { convolutional } from '../../../training/models/convolutional.ts';
import { inOnnxruntime, relativeError, tfjsGradients } from '../../support/training/evaluate.ts';

const x = input('x', ['N', 2, 6, 5]);
const weight = input('weight', [3, 2, 3, 3]);

it('differentiates the gradient of a convolution again', async () => {
  const loss = reduceSum(square(conv(x, weight, { strides: [2, 2], pads: [1, 1, 1, 1] })));
  const [byWeight] = gradients(loss, [weight]);
  const target = reduceSum(square(byWeight!));
  const feeds = new Map(
    [x, weight].map((each) => {
      const shape = each.shape.map((size) => (size === 'N' ? 2 : (size as number)));
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      return [
        each,
        {
          dtype: 'float32' as const,
          shape,
          data: Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
        },
      ] as const;
    }),
  );
  const [actual] = await inOnnxruntime(gradients(target, [x]), feeds);
  const [expected] = await tfjsGradients(target, [x], feeds);
  expect(relativeError(actual!, expected!)).toBeLessThan(1e-4);
});

it('errors name the operator, the problem and the inputs', () => {
  expect(() => conv(x, input('weight', [3, 4, 3, 3]))).toThrow(
    "Conv: the weight is not for 2 channels: received 'x' float32[N, 2, 6, 5] and 'weight' float32[3, 4, 3, 3]",
  );
  expect(() => conv(x, input('weight', [3, 2, 7, 7]))).toThrow('Conv: a window of 7x7 does not fit');
  expect(() => convTranspose(x, input('weight', [2, 1, 3, 3]), { outputPadding: [1, 0] })).toThrow(
    'ConvTranspose: needs output padding below the strides, not [1,0]',
  );
  expect(() => gradients(reduceSum(maxPool(x, [3, 3], { strides: [2, 2] })), [x])).toThrow(
    'MaxPool: expected strides of at least the kernel',
  );
  expect(() => reshape(x, [7, -1])).toThrow('Reshape: cannot become [7,-1]');
  expect(() => convolutional.build(convolutional.config.parse({}), 6, 1)).toThrow(
    'needs images, rows of shape [height, width] or [height, width, channels]; received rows of shape [6]',
  );
});
