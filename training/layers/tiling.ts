/** How pooling tiles an image. */
import type { Pair, Sliding } from '../graph/ops/windows.ts';

/** Tiles of `size` pixels, of which the last ones may reach over the edge. */
export function tiling(image: Pair, size: number): Required<Omit<Sliding, 'dilations'>> {
  const over = image.map((each) => Math.ceil(each / size) * size - each) as [number, number];
  return { strides: [size, size], pads: [0, 0, ...over] };
}
