import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { mnist } from '../data/mnist.ts';

/** MNIST's four files where `--data` says, or in `mnist/` of the folder of real data. */
export function mnistFolder(
  path = join(process.env.LATENTEDGE_DATA ?? '../shared/data', 'mnist'),
): Promise<Dataset> {
  return mnist(path);
}
