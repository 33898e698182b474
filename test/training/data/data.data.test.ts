import { expect, it } from 'vitest';
import { mnist } from '../../../training/data/mnist.ts';
import { realData } from '../../support/data/realData.ts';

it('MNIST is 60,000 and 10,000 images of 784 values in [0, 1]', async () => {
  const { rows, test, rowShape, labels } = await mnist(realData('mnist'));
  expect([rows.rowCount, rows.width, test!.rowCount, test!.width]).toEqual([60_000, 784, 10_000, 784]);
  expect(rowShape).toEqual([28, 28]);
  // The published mean and standard deviation of the training images.
  const mean = rows.data.reduce((sum, value) => sum + value, 0) / rows.data.length;
  const variance = rows.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.data.length;
  expect(mean).toBeCloseTo(0.1307, 4);
  expect(Math.sqrt(variance)).toBeCloseTo(0.3081, 4);
  // How many there are of each digit.
  const counts = (of: ArrayLike<number>) =>
    Array.from({ length: 10 }, (_, d) => Array.from(of).filter((label) => label === d).length);
  expect(counts(labels!.rows)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(counts(labels!.test!)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});
