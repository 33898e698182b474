import { describe, expect, test } from 'vitest';
import { assertFits, divided } from '../../../scripts/freeze/fits.ts';
import type { FreezableGraph } from '../../../scripts/freeze/freezableGraphs.ts';

/** Graphs of so many megabytes, of which nothing but the size matters here. */
const graphsOf = (sizes: readonly number[]) =>
  sizes.map((size) => ({ model: 'shop@1', bytes: new Uint8Array(1e6 * size) }) as unknown as FreezableGraph);

describe('recommenders of 20,000 items, as they came out when they were frozen', () => {
  test.each([
    [16, [1.28, 1.36, 2.64, 1.28], '20 MB of memory, 7 for the image'],
    [64, [5.12, 5.2, 10.32, 5.12], '53 MB of memory, 27 for the image'],
  ])('codes of %i fit', (_, sizes) => {
    expect(() => assertFits(graphsOf(sizes))).not.toThrow();
  });

  test('codes of 128 do not: 88 MB of memory, 53 for the image', () => {
    const graphs = graphsOf([10.24, 10.32, 20.56, 10.24]);
    expect(() => assertFits(graphs)).toThrow(
      /take 89 MB of memory .* shop@1 alone has graphs of 51 MB; set RUNTIME .* "stock"/,
    );
  });
});

describe('isolates for the graphs of a version', () => {
  const parts = (sizes: readonly number[]) =>
    divided(graphsOf(sizes)).map((part) => part.map(({ bytes }) => bytes.length / 1e6));

  test('are one if all fit, in their order', () => {
    expect(parts([5, 10, 5, 5])).toEqual([[5, 10, 5, 5]]);
  });

  test('are several otherwise, each of which fits', () => {
    // Movies of MovieLens, with a code of 200.
    expect(parts([10.1, 10.1, 20.2, 10.1])).toEqual([[20.2, 10.1, 10.1], [10.1]]);
    for (const part of divided(graphsOf([10.24, 10.32, 20.56, 10.24])))
      expect(() => assertFits(part)).not.toThrow();
  });

  test('leave a graph that fits nowhere by itself, which is refused', () => {
    const [alone, others] = divided(graphsOf([64, 5, 5]));
    expect(() => assertFits(alone!)).toThrow('frozen, the models would take');
    expect(() => assertFits(others!)).not.toThrow();
  });
});
