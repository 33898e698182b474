/** Windows of pooling layers that tile an image. */
import type { Pair, Sliding } from '../graph/ops/windows.ts';

/**
 * Returns the parameters of non-overlapping windows of `size` x `size` pixels; the last may extend past the
 * edge.
 */
export function tiling(image: Pair, size: number): Required<Omit<Sliding, 'dilations'>> {
  const over = image.map((each) => Math.ceil(each / size) * size - each) as [number, number];
  return { strides: [size, size], pads: [0, 0, ...over] };
}
