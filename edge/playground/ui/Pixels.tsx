import { useEffect, useRef } from 'preact/hooks';
import { type ImageShape, valueAt } from '../model.ts';

interface PixelsProps {
  /** `height * width * channels` values; undefined leaves the image as it is. */
  readonly values: ArrayLike<number> | undefined;
  readonly shape: ImageShape;
  /** Empty for an image that adds nothing to the text next to it. */
  readonly label: string;
  readonly class?: string;
}

/** A row as an image, one canvas pixel for each of its own. */
export function Pixels({ values, shape, label, class: name = '' }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && values) context.putImageData(imageOf(values, shape), 0, 0);
  }, [values, shape]);
  return (
    <canvas
      ref={canvas}
      class={`pixels ${name}`}
      width={shape.width}
      height={shape.height}
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}

/** Returns a row as pixels of a canvas: the lowest value of the training rows is black, the highest white. */
export function imageOf(values: ArrayLike<number>, shape: ImageShape): ImageData {
  const { height, width, channels, low, high } = shape;
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[valueAt(shape, pixel, channels === 1 ? 0 : channel)] ?? low;
      image.data[4 * pixel + channel] = Math.round((255 * (value - low)) / (high - low));
    }
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}
