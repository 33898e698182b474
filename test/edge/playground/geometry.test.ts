import { describe, expect, it } from 'vitest';
import { boxOf, inside, nearest } from '../../../edge/playground/panels/map/geometry.ts';
import { random } from '../../../shared/random.ts';

const source = random(1, 'geometry');
const coordinates = Float32Array.from({ length: 600 }, () => source.uniform());
const points = Array.from({ length: 300 }, (_, i) => ({
  x: coordinates[2 * i]!,
  y: coordinates[2 * i + 1]!,
}));

describe('points of a map', () => {
  it('are found by distance', () => {
    const place = { x: 0.3, y: 0.6 };
    const distance = (i: number) => Math.hypot(points[i]!.x - place.x, points[i]!.y - place.y);
    const sorted = [...points.keys()].sort((a, b) => distance(a) - distance(b));
    expect(nearest(coordinates, place, 9)).toEqual(sorted.slice(0, 9));
    expect(nearest(coordinates, place, 9, sorted[0])).toEqual(sorted.slice(1, 10));
    expect(nearest(Float32Array.of(Number.NaN, 0, 1, 1), place, 2)).toEqual([1]);
  });

  it('are inside a circle if they are no further from its centre than its radius', () => {
    const circle = Array.from({ length: 2000 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 2000;
      return { x: 0.5 + 0.3 * Math.cos(angle), y: 0.5 + 0.3 * Math.sin(angle) };
    });
    const near = points.flatMap(({ x, y }, i) => (Math.hypot(x - 0.5, y - 0.5) < 0.3 ? [i] : []));
    expect(inside(coordinates, circle)).toEqual(near);
    // What is drawn around twice is outside again, as in every drawing program.
    expect(inside(coordinates, [...circle, ...circle])).toEqual([]);
  });

  it('have a box that is never flat', () => {
    const { left, right, bottom, top } = boxOf(Float32Array.of(3, 3));
    expect([left < 3, right > 3, bottom < 3, top > 3]).toEqual([true, true, true, true]);
    expect(boxOf([])).toEqual({ left: -1, right: 1, bottom: -1, top: 1 });
  });
});
