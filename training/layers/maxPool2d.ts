/** Max pooling over non-overlapping square windows. */
import { maxPool } from '../graph/ops/maxPool.ts';
import { imageOf } from '../graph/ops/windows.ts';
import type { Layer } from './layer.ts';
import { tiling } from './tiling.ts';

/**
 * float32 `[N, C, H, W]` to `[N, C, ceil(H / size), ceil(W / size)]`: the maximum of each `size` x `size`
 * window.
 */
export function maxPool2d(size: number): Layer {
  return (x) => maxPool(x, [size, size], tiling(imageOf('MaxPool', x).size, size));
}
