/** Grey images as text. */

/** An image of values in [0, 1], row-major. */
export interface GreyImage {
  readonly data: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

const BRAILLE = 0x2800;
/**
 * Bit of each dot of a braille character, which is 2 dots wide and 4 high (Unicode standard, "Braille
 * Patterns").
 */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/**
 * Renders images side by side in braille characters, one dot for each pixel above `threshold`, without the
 * empty lines above and below.
 */
export function braille(images: readonly GreyImage[], threshold = 0.4): string {
  const height = Math.max(...images.map((image) => image.height));
  const lines: string[] = [];
  for (let top = 0; top < height; top += DOTS.length) {
    lines.push(images.map((image) => brailleLine(image, top, threshold)).join(' '));
  }
  const inked = lines.map(hasInk);
  return lines.slice(inked.indexOf(true), inked.lastIndexOf(true) + 1).join('\n');
}

function hasInk(line: string): boolean {
  return [...line].some((character) => character.codePointAt(0)! > BRAILLE);
}

function brailleLine({ data, height, width }: GreyImage, top: number, threshold: number): string {
  let line = '';
  for (let left = 0; left < width; left += 2) {
    let dots = 0;
    DOTS.forEach((bits, y) => {
      bits.forEach((bit, x) => {
        const inside = top + y < height && left + x < width;
        if (inside && data[(top + y) * width + left + x]! > threshold) dots |= bit;
      });
    });
    line += String.fromCodePoint(BRAILLE + dots);
  }
  return line;
}
