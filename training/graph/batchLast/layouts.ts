/** Two orders of the axes of images. */
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import type { Shape, Value } from '../types.ts';

/** The new forms of values: as they were, and, of images, with the batch last. Each is made when it is needed. */
export class Layouts {
  readonly first = new Map<Value, Value>();
  readonly last = new Map<Value, Value>();

  has(value: Value): boolean {
    return this.first.has(value) || this.last.has(value);
  }

  batchFirst(value: Value): Value {
    if (!this.first.has(value)) {
      const [, ...sizes] = value.shape as readonly number[];
      this.first.set(value, reshape(this.rows(value), [0, ...sizes]));
    }
    return this.first.get(value)!;
  }

  /** `[C, H * W * N]` */
  batchLast(image: Value): Value {
    if (!this.last.has(image)) {
      const rows = reshape(this.batchFirst(image), [0, featuresOf(image)]);
      this.last.set(image, reshape(transpose(rows, [1, 0]), [image.shape[1] as number, -1]));
    }
    return this.last.get(image)!;
  }

  /** `[C * H * W, N]` */
  columns(image: Value): Value {
    return reshape(this.batchLast(image), [featuresOf(image), -1]);
  }

  /** `[N, C * H * W]` */
  rows(image: Value): Value {
    return transpose(this.columns(image), [1, 0]);
  }
}

/** True for `[N, C, H, W]` where only the batch has no fixed size. */
export function isImage({ dtype, shape }: Value): boolean {
  const [batch, ...sizes] = shape;
  const fixed = sizes.length === 3 && sizes.every((size) => typeof size === 'number');
  return dtype === 'float32' && typeof batch === 'string' && fixed;
}

/** True for `[N, C * H * W]` of an image. */
export function isFlat(shape: Shape, image: Value): boolean {
  return shape.length === 2 && shape[1] === featuresOf(image);
}

function featuresOf({ shape }: Value): number {
  return (shape as readonly number[]).slice(1).reduce((product, size) => product * size, 1);
}
