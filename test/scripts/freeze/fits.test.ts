import { describe, expect, test } from 'vitest';
import {
  assertFits,
  assertMemoryFits,
  divided,
  hasRoomFor,
  memoryInPieces,
} from '../../../scripts/freeze/fits.ts';
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
  /** So many megabytes, once or twice, with the runtime's own: as much as `memoryInPieces` says without loading them. */
  const most = async (graphs: readonly FreezableGraph[]) => {
    const bytes = graphs.reduce((sum, each) => sum + each.bytes.length, 0);
    return hasRoomFor(2 ** 24 + 2 * bytes);
  };
  const parts = async (sizes: readonly number[]) =>
    (await divided(graphsOf(sizes), most)).map((part) => part.map(({ bytes }) => bytes.length / 1e6));

  test('are one if all fit, in their order', async () => {
    expect(await parts([5, 10, 5, 5])).toEqual([[5, 10, 5, 5]]);
  });

  test('are several otherwise, the largest first', async () => {
    expect(await parts([10, 20, 30, 10])).toEqual([
      [30, 10],
      [20, 10],
    ]);
  });

  test('leave a graph that fits nowhere by itself, which is refused at once', async () => {
    const [alone, others] = await divided(graphsOf([120, 5, 5]), most);
    const memory = await memoryInPieces(alone!, undefined);
    expect(() => assertMemoryFits('shop@1/recommend', memory)).toThrow(
      'frozen, shop@1/recommend would take 137 MB of memory, and an isolate has 128 MB',
    );
    expect(hasRoomFor(await memoryInPieces(others!, undefined))).toBe(true);
  });
});
