import { type Form, SHARES } from '../../address.ts';
import type { ImageShape } from '../../model.ts';

/** How pixels are written in the address: as shares of the range of their values. */
export function pixelsForm(shape: ImageShape): Form<readonly number[]> {
  const { height, width, channels, low, high } = shape;
  return {
    read: (text) => {
      const shares = SHARES.read(text);
      if (shares?.length !== height * width * channels) return undefined;
      return shares.map((share) => low + share * (high - low));
    },
    write: (row) => SHARES.write(row.map((value) => (value - low) / (high - low))),
  };
}

/** True if most of the training images is dark, as white writing on black is. */
export function isDark(means: readonly (number | null)[], { low, high }: ImageShape): boolean {
  const sum = means.reduce<number>((total, mean) => total + (mean ?? 0), 0);
  return sum / means.length < (low + high) / 2;
}
