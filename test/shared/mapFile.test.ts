import { describe, expect, it } from 'vitest';
import { type CodeMap, readMap, storedRow, writeMap } from '../../shared/mapFile.ts';

const map: CodeMap = {
  of: 5,
  columns: [
    { name: 'größe', role: 'label', categories: ['a', 'b'] },
    { name: 'error', role: 'judged' },
  ],
  coordinates: Float32Array.of(0, 1, 2, 3, -4, 5),
  ids: Uint32Array.of(4, 0, 2),
  values: [Float32Array.of(0, 1, Number.NaN), Float32Array.of(0.5, 0.25, 1)],
  rows: { count: 2, width: 3, type: 'uint8', low: 0, high: 1 },
  stored: Uint8Array.of(0, 255, 51, 1, 2, 3),
};

describe('a map', () => {
  it('is read as it was written, wherever its bytes begin', () => {
    const bytes = writeMap(map);
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(readMap(moved.subarray(3))).toEqual(map);
    expect(storedRow(map, 0)).toEqual([0, 1, Math.fround(0.2)]);
    expect(storedRow(map, 2)).toBeUndefined();
  });

  it('has its numbers where the documentation says', () => {
    const bytes = writeMap(map);
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('LMAP');
    const start = 8 + view.getUint32(4, true);
    expect(start % 4).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)))).toMatchObject({
      ...{ version: 1, personalData: true, points: 3 },
    });
    expect(view.getFloat32(start + 16, true)).toBe(-4);
    expect(view.getUint32(start + 24, true)).toBe(4);
    expect(bytes.at(-1)).toBe(3);
  });

  it.each([
    ['nothing', new Uint8Array(), 'begins with LMAP'],
    ['another file', new TextEncoder().encode('<!doctype html>'), 'begins with LMAP'],
    [
      'a header beyond its end',
      Uint8Array.of(76, 77, 65, 80, 255, 255, 255, 255),
      'a header of up to 8 bytes',
    ],
    ['too few bytes', writeMap(map).slice(0, -1), 'expected'],
  ])('is refused if it is %s', (_, bytes, why) => {
    expect(() => readMap(bytes as Uint8Array<ArrayBuffer>)).toThrow(why);
  });
});
