import { expect, it } from 'vitest';
import { int8Bytes, int8Rows } from '../../shared/int8.ts';

const rows = {
  data: Float32Array.of(0.5, -1, 0.004, 0, 0, 0, 254, 127, -126.9, 1, Number.NaN, 2),
  rowCount: 4,
  width: 3,
};

it('rounds each row to whole numbers of a scale of its own', () => {
  const { numbers, scales } = int8Rows(rows);
  expect([...numbers]).toEqual([64, -127, 1, 0, 0, 0, 127, 64, -63, 0, 0, 0]);
  expect([...scales]).toEqual([Math.fround(1 / 127), 0, 2, Number.NaN]);
  for (const [i, value] of rows.data.subarray(0, 9).entries()) {
    const scale = scales[Math.floor(i / 3)]!;
    expect(Math.abs(numbers[i]! * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-6);
  }
});

it('packs each row as its scale and its numbers', () => {
  const bytes = int8Bytes(int8Rows({ ...rows, rowCount: 3, data: rows.data.subarray(0, 9) }));
  expect(bytes).toHaveLength(3 * 7);
  expect(new DataView(bytes.buffer).getFloat32(14, true)).toBe(2);
  expect([...new Int8Array(bytes.buffer, 18, 3)]).toEqual([127, 64, -63]);
});
