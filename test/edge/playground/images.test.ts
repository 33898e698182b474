import { describe, expect, it } from 'vitest';
import { imageShape, valueAt } from '../../../edge/playground/model.ts';
import { BRUSHES, blank, stroke } from '../../../edge/playground/ui/brushes.ts';
import type { ModelDescription } from '../../../shared/api.ts';

/** A model of images of three channels, whose values reach from 0 to 1. */
function described(rowShape: number[], imageLayout: 'HWC' | 'CHW' | null, operations = ['encode']) {
  const count = rowShape.reduce((product, size) => product * size, 1);
  const of = (value: number) => new Array<number>(count).fill(value);
  const statistics = { min: of(0), max: of(1), mean: of(0.5), standardDeviation: of(0.1) };
  return {
    features: { names: null, rowShape, count, statistics, imageLayout },
    operations,
  } as unknown as ModelDescription;
}

describe('images', () => {
  it.each([
    ['last', [4, 6, 3], 'HWC', (pixel: number, channel: number) => pixel * 3 + channel],
    ['first', [3, 4, 6], 'CHW', (pixel: number, channel: number) => channel * 24 + pixel],
  ] as const)('with channels %s are drawn on where their pixels are', (_, rowShape, layout, placeOf) => {
    const shape = imageShape(described([...rowShape], layout))!;
    expect(shape).toMatchObject({ height: 4, width: 6, channels: 3 });
    const places = Array.from({ length: 24 }, (_, pixel) => [0, 1, 2].map((c) => valueAt(shape, pixel, c)));
    expect(places).toEqual(places.map((_, pixel) => [0, 1, 2].map((channel) => placeOf(pixel, channel))));
    const point = { x: 2, y: 1 };
    const row = stroke(blank(shape), shape, BRUSHES.draw, point, point);
    const white = row.flatMap((value, at) => (value > 0.5 ? [at] : []));
    expect(white).toEqual([0, 1, 2].map((channel) => placeOf(8, channel)).sort((a, b) => a - b));
  });

  it('are not what a model forecasts, nor what has no layout', () => {
    expect(imageShape(described([24, 3], null))).toBeUndefined();
    const { features, ...others } = described([24, 3], null, ['forecast']);
    const { imageLayout: _, ...trained } = features;
    expect(imageShape({ ...others, features: trained })).toBeUndefined();
  });
});
