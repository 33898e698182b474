import type { Dataset } from '../data/dataset.ts';
import { mnist } from '../data/mnist.ts';
import { published } from './published.ts';

/** MNIST's four files where `--data` says, or in `mnist/` of the folder of real data. */
export async function mnistFolder(path = published('mnist')): Promise<Dataset> {
  return mnist(path);
}
