import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { batchesOf, type FileBatch, type FileRows, fileRows } from '../../../scripts/scoring/rows.ts';
import type { Features } from '../../../shared/features.ts';
import { graphArtifact } from '../../support/artifacts/graphArtifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { keptFolder } from '../../support/data/data.ts';

/** Two images of 1 x 2 pixels, red, green and blue. */
const PIXELS = [
  [255, 0, 0, 0, 51, 102],
  [0, 255, 0, 102, 0, 51],
];
const folder = keptFolder();
PIXELS.forEach((data, i) => {
  writeFileSync(
    join(folder, `${i}.png`),
    encode({ width: 2, height: 1, channels: 3, data: Uint8Array.from(data) }),
  );
});

function manifestOf(imageLayout: Features['imageLayout'], rowShape: number[]) {
  return graphArtifact('pictures', {}, ({ features }) => ({
    features: { ...features, names: null, imageLayout, rowShape },
  })).manifest;
}

async function all(rows: FileRows) {
  const batches: FileBatch[] = [];
  for await (const batch of batchesOf(rows, 1)) batches.push(batch);
  return { rows: batches.flatMap((each) => each.rows), kept: batches.flatMap(({ kept }) => kept) };
}

it('reads images in the order in which the model has their values', async () => {
  const last = await fileRows(manifestOf('HWC', [1, 2, 3]), folder, []);
  const first = await fileRows(manifestOf('CHW', [3, 1, 2]), folder, []);
  expect([last.rowCount, first.rowCount]).toEqual([2, 2]);
  expect(last.notes).not.toContainEqual(expect.stringContaining('transposed'));
  expect(first.notes).toContainEqual(expect.stringContaining('the images were transposed'));
  const [lasts, firsts] = [(await all(last)).rows, (await all(first)).rows];
  for (const [row, [r0, g0, b0, r1, g1, b1]] of PIXELS.entries()) {
    const scaled = (values: readonly (number | undefined)[]) =>
      values.map((value) => Math.fround(value! / 255));
    expect(lasts[row]).toEqual(scaled([r0, g0, b0, r1, g1, b1]));
    expect(firsts[row]).toEqual(scaled([r0, r1, g0, g1, b0, b1]));
  }
});

it('keeps columns by their names, or all of them', async () => {
  const { manifest } = linearArtifact();
  const table = join(folder, 'rows.csv');
  writeFileSync(table, 'order,a,b,c,d,e,f\nn0,1,2,3,4,5,6\nn1,1,2,3,4,5,7\n');
  const kept = async (keep: string[]) => (await all(await fileRows(manifest, table, keep))).kept[1];
  expect(await kept(['order'])).toEqual({ order: 'n1' });
  expect(await kept(['*'])).toEqual({ order: 'n1', a: 1, b: 2, c: 3, d: 4, e: 5, f: 7 });
  await expect(kept(['ordr'])).rejects.toThrow("did you mean 'order'");
});

it('reads a table of more rows than are held in pieces, each row once and in order', async () => {
  const { manifest } = linearArtifact();
  const table = join(folder, 'large.csv');
  const count = 150_000;
  const lines = Array.from({ length: count }, (_, i) => `n${i},${i},2,3,4,5,${i / 2}`);
  writeFileSync(table, ['order,a,b,c,d,e,f', ...lines, ''].join('\n'));
  const rows = await fileRows(manifest, table, ['order']);
  expect(rows.rowCount).toBe(count);
  const pieces: number[] = [];
  for await (const { rowCount } of rows.pieces()) pieces.push(rowCount);
  expect(Math.max(...pieces)).toBeLessThan(count / 2);
  const again = await fileRows(manifest, table, ['order']);
  let next = 0;
  for await (const { start, rows: values, kept } of batchesOf(again, 1000)) {
    expect(start).toBe(next);
    for (const [i, row] of values.entries()) {
      if (row[0] === next && row[5] === next / 2 && kept[i]!.order === `n${next}`) next++;
      else expect([row, kept[i]]).toEqual([[next, 2, 3, 4, 5, next / 2], { order: `n${next}` }]);
    }
  }
  expect(next).toBe(count);
});
