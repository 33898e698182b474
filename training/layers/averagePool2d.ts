/** Average pooling over non-overlapping square windows. */
import { averagePool } from '../graph/ops/averagePool.ts';
import { imageOf } from '../graph/ops/windows.ts';
import type { Layer } from './layer.ts';
import { tiling } from './tiling.ts';

/**
 * float32 `[N, C, H, W]` to `[N, C, ceil(H / size), ceil(W / size)]`: the mean of each `size` x `size`
 * window.
 */
export function averagePool2d(size: number): Layer {
  return (x) => averagePool(x, [size, size], tiling(imageOf('AveragePool', x).size, size));
}
