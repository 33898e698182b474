/** Nearest-neighbour upsampling. */
import { upsample } from '../graph/ops/averagePool.ts';
import { pad } from '../graph/ops/pad.ts';
import { imageOf, type Pair } from '../graph/ops/windows.ts';
import type { Layer } from './layer.ts';

/** float32 `[N, C, H, W]` to `[N, C, ...size]`: repeats every pixel `factor` times both ways, then crops. */
export function upsample2d(factor: number, size: Pair): Layer {
  return (x) => {
    const larger = upsample(x, [factor, factor]);
    const [height, width] = imageOf('Resize', larger).size;
    return pad(larger, [0, 0, 0, 0, 0, 0, size[0] - height, size[1] - width]);
  };
}
