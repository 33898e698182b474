/** Rows by their values other than 0, for codes in which few units are active. */
import { shortestFloat } from './shortestFloat.ts';
import type { Matrix } from './tensor.ts';

export interface ActiveValues {
  /** Positions of the values other than 0 in each row, ascending. */
  readonly positions: number[][];
  /** These values, as numbers of short JSON. */
  readonly values: number[][];
}

export function activeValues({ data, rowCount, width }: Matrix): ActiveValues {
  const positions: number[][] = [];
  const values: number[][] = [];
  for (let row = 0; row < rowCount; row++) {
    const own: number[] = [];
    for (let i = 0; i < width; i++) if (data[row * width + i] !== 0) own.push(i);
    positions.push(own);
    values.push(own.map((i) => shortestFloat(data[row * width + i]!)));
  }
  return { positions, values };
}

/**
 * Returns the rows as little-endian bytes: for each the count of its values other than 0 as uint32, their positions as
 * uint32, and the values as float32.
 */
export function activeBytes({ data, rowCount, width }: Matrix): Uint8Array<ArrayBuffer> {
  const active = data.reduce((count, value) => count + Number(value !== 0), 0);
  const bytes = new Uint8Array(4 * rowCount + 8 * active);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    const own = data.subarray(row * width, (row + 1) * width);
    const count = own.reduce((sum, value) => sum + Number(value !== 0), 0);
    view.setUint32(at, count, true);
    at += 4;
    let place = 0;
    own.forEach((value, i) => {
      if (value === 0) return;
      view.setUint32(at + 4 * place, i, true);
      view.setFloat32(at + 4 * (count + place), value, true);
      place++;
    });
    at += 8 * count;
  }
  return bytes;
}
