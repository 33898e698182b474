/** Small data made for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { OperationName } from '../../../shared/manifest.ts';
import { permutation, random } from '../../../shared/random.ts';
import type { SparseMatrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { withLabelColumns } from '../../../training/data/labels.ts';
import { fromRows } from '../../../training/data/rows.ts';

/** Rows near a curve of one dimension in `width`: something that a code of 1 or 2 describes well. Values in [0, 1]. */
export function curve(rowCount: number, width = 6, seed = 5): Dataset {
  const source = random(seed, 'curve');
  const rows = Array.from({ length: rowCount }, () => {
    const t = source.uniform() * 3;
    return Array.from({ length: width }, (_, i) => 0.5 + 0.4 * Math.sin(t + i) + 0.02 * source.uniform());
  });
  return fromRows(rows);
}

/** Rows of 6 values in [0, 1] that are one of 3 patterns, the label, at some strength; the label's columns follow. */
export function labelled(rowCount: number, seed = 6): Dataset {
  const source = random(seed, 'labelled');
  const labels = Uint8Array.from({ length: rowCount }, () => source.integer(3));
  const rows = Array.from(labels, (label) => {
    const strength = 0.2 + 0.8 * source.uniform();
    return Array.from({ length: 6 }, (_, i) => (i % 3 === label ? strength : 0.02 * source.uniform()));
  });
  return withLabelColumns({ ...fromRows(rows), labels: { classes: ['0', '1', '2'], rows: labels } });
}

/** Grey images of 12 x 12 pixels that show a disc, a ring or a bar somewhere, the label. */
export function images(rowCount: number, seed = 7): Dataset {
  const source = random(seed, 'images');
  const labels = Uint8Array.from({ length: rowCount }, () => source.integer(3));
  const rows = Array.from(labels, (label) => {
    const [x, y] = [3.5 + 4 * source.uniform(), 3.5 + 4 * source.uniform()];
    return Array.from({ length: 144 }, (_, i) => {
      const [right, down] = [(i % 12) - x, Math.floor(i / 12) - y];
      const radius = Math.hypot(right, down);
      return [radius < 3, radius > 2 && radius < 4, Math.abs(right) < 1.2][label] ? 1 : 0;
    });
  });
  const classes = ['disc', 'ring', 'bar'];
  return { ...fromRows(rows), rowShape: [12, 12], labels: { classes, rows: labels } };
}

/** The same data with about a fifth of its values missing, but at least one value in every row. */
export function withHoles({ rows, ...dataset }: Dataset, seed = 6): Dataset {
  const source = random(seed, 'holes');
  const missing = (at: number) =>
    source.uniform() < 0.2 && at % rows.width !== Math.floor(at / rows.width) % rows.width;
  const data = rows.data.map((value, at) => (missing(at) ? Number.NaN : value));
  return { ...dataset, rows: { ...rows, data } };
}

/** Users who each had seven of the ten items of one of `groups` kinds: who had some of a kind will like the others. */
export function tastes(users: number, groups = 3, seed = 5): Dataset<SparseMatrix> {
  const source = random(seed, 'tastes');
  const lists = Array.from({ length: users }, (_, user) =>
    [...permutation(10, source).subarray(0, 7)].map((item) => item + 10 * (user % groups)),
  );
  return fromItemLists(
    lists,
    Array.from({ length: 10 * groups }, (_, item) => `item ${item}`),
  );
}

/** Vectors of 24 values in 8 groups, each with a centre and three directions of its own in which its members differ. */
export function topics(rowCount: number, seed = 8): Dataset {
  const source = random(seed, 'topics');
  const vector = () => Array.from({ length: 24 }, () => 2 * source.uniform() - 1);
  const groups = Array.from({ length: 8 }, () => ({
    centre: vector(),
    axes: [vector(), vector(), vector()],
  }));
  const rows = Array.from({ length: rowCount }, () => {
    const { centre, axes } = groups[source.integer(groups.length)]!;
    const along = axes.map(() => 1.2 * (source.uniform() - 0.5));
    return centre.map((value, i) => axes.reduce((sum, axis, a) => sum + along[a]! * axis[i]!, value));
  });
  return fromRows(rows);
}

/** What every model of rows offers, with a code of at least two numbers. */
export const ROW_OPERATIONS: readonly OperationName[] = [
  'encode',
  'reduce',
  'decode',
  'reconstruct',
  'score',
  'interpolate',
  'traverse',
];

/** A folder that is removed when all tests of the file have ended. */
export function keptFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
