import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMap, storedRow } from '../../../shared/mapFile.ts';
import { tensorOf } from '../../../shared/tensor.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { curve, images, tastes, temporaryFolder } from '../../support/data/data.ts';
import { datasetOf } from '../../support/data/nights/judging.ts';
import { deliveries } from '../../support/data/nights/schemas.ts';

const settings = { hidden: [8], codeSize: 3, epochs: 1 };

// biome-ignore lint/suspicious/noExplicitAny: any variant and any rows
async function mapOf(options: Pick<TrainOptions<any, any>, 'data' | 'variant' | 'settings'>) {
  const { artifact } = await train({
    force: true,
    name: 'mapped',
    settings,
    out: temporaryFolder(),
    ...options,
  });
  const { 'map.bin': spec } = artifact.manifest.files;
  if (spec === undefined) return { artifact, map: undefined };
  const bytes = readFileSync(join(artifact.directory, 'map.bin'));
  return { artifact, map: readMap(new Uint8Array(bytes)) };
}

describe('the map of codes', () => {
  it('has every training row where the graphs put it, with its label and its error', async () => {
    const data = images(120);
    const { artifact, map } = await mapOf({ data });
    const { ids, coordinates, columns, values, rows } = map!;
    expect([ids.length, new Set(ids).size, map!.of]).toEqual([96, 96, 96]);
    expect(columns).toEqual([
      { name: 'label', role: 'label', categories: ['disc', 'ring', 'bar'] },
      { name: 'error', role: 'judged' },
    ]);
    expect(Array.from(values[0]!)).toEqual(Array.from(ids, (id) => data.labels!.rows[id]));
    expect(rows).toEqual({ count: 96, width: 144, type: 'uint8', low: 0, high: 1 });
    const [encoder, reduce, autoencoder] = await Promise.all(
      [artifact.graphs.encoder, artifact.graphs.reduce!, artifact.graphs.autoencoder].map((graph) =>
        openNative(graph),
      ),
    );
    for (const point of [0, 17, 95]) {
      const row = storedRow(map!, point)!;
      const start = ids[point]! * 144;
      expect(row).toEqual(Array.from(data.rows.data.subarray(start, start + 144)));
      const matrix = { data: Float32Array.from(row), rowCount: 1, width: 144 };
      const { code } = await encoder!.run(matrix);
      const { coordinates_2d } = await reduce!.runTensors({
        code: tensorOf({ data: code!, rowCount: 1, width: 3 }),
      });
      const found = coordinates_2d!.data as Float32Array;
      for (const axis of [0, 1]) expect(coordinates[2 * point + axis]).toBeCloseTo(found[axis]!, 5);
      expect(values[1]![point]).toBeCloseTo((await autoencoder!.run(matrix)).error![0]!, 6);
    }
  });

  it('has the columns of a table', async () => {
    const table = deliveries.night(5, 300, 1);
    const { map } = await mapOf({ data: datasetOf(table) });
    const { ids, columns, values, rows } = map!;
    expect(rows).toBeNull();
    const at = columns.findIndex(({ name }) => name === 'channel');
    const channel = table.columns.find(({ name }) => name === 'channel')!;
    if (channel.type !== 'category') throw new Error('expected a category');
    const named = (names: readonly string[], index: number | undefined) => names[index ?? -1];
    expect(Array.from(values[at]!, (index) => named(columns[at]!.categories!, index))).toEqual(
      Array.from(ids, (id) => named(channel.categories, channel.codes[id])),
    );
  });

  it('of a recommender has users as points, and of what they have only the number', async () => {
    const { map } = await mapOf({
      data: tastes(60),
      variant: 'recommender',
      settings: { epochs: 1, codeSize: 4 },
    });
    expect(map).toMatchObject({ columns: [{ name: 'number of items', role: 'column' }], rows: null });
    expect(map!.ids.length).toBeGreaterThan(20);
    // Seven each.
    expect(new Set(map!.values[0])).toEqual(new Set([7]));
  });

  it('is left out for a code of one number, which has no plane', async () => {
    const { map } = await mapOf({ data: curve(100), settings: { ...settings, codeSize: 1 } });
    expect(map).toBeUndefined();
  });
});
