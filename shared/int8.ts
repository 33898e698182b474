/** Rows as whole numbers of one byte, which is a quarter of float32. */
import type { Matrix } from './tensor.ts';

/** Largest magnitude of a number: -128 is left out, so that a row and its opposite have the same numbers. */
const LARGEST = 127;

export interface Int8Rows {
  /** Row-major, from -127 to 127. */
  readonly numbers: Int8Array<ArrayBuffer>;
  /** What the numbers of each row are multiplied by; 0 for a row of zeros. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * Rounds every row to multiples of a scale of its own, the largest magnitude of the row / 127. A row with a NaN has the
 * scale NaN, and numbers of 0.
 */
export function int8Rows({ data, rowCount, width }: Matrix): Int8Rows {
  const numbers = new Int8Array(data.length);
  const scales = new Float32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const own = data.subarray(row * width, (row + 1) * width);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[row] = largest / LARGEST;
    if (largest === 0) continue;
    for (let i = 0; i < width; i++) numbers[row * width + i] = Math.round((own[i]! / largest) * LARGEST);
  }
  return { numbers, scales };
}

/** Returns the rows as bytes: for each its scale as little-endian float32, and then its numbers. */
export function int8Bytes({ numbers, scales }: Int8Rows): Uint8Array<ArrayBuffer> {
  const width = numbers.length / scales.length;
  const bytes = new Uint8Array(scales.length * (4 + width));
  const view = new DataView(bytes.buffer);
  scales.forEach((scale, row) => {
    const start = row * (4 + width);
    view.setFloat32(start, scale, true);
    for (let i = 0; i < width; i++) view.setInt8(start + 4 + i, numbers[row * width + i]!);
  });
  return bytes;
}
