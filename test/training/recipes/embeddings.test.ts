import { expect, it } from 'vitest';
import type { Dataset, RowNames } from '../../../training/data/dataset.ts';
import { embeddings } from '../../../training/recipes/embeddings.ts';
import { embeddingsSparse } from '../../../training/recipes/embeddings-sparse.ts';
import { written } from '../../support/data/tables.ts';
import { npyOf } from '../../support/training/numpy.ts';

const DIVISION = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };
const read = (location: string) => embeddings.data(location, DIVISION);
const VECTORS = [
  [0.5, -1.5, 2],
  [0.25, 3, 2],
];

it.each<[string, () => string, string[] | undefined, RowNames | undefined]>([
  [
    'an array',
    () => written('a.npy', npyOf('<f4', '(2, 3)', Float32Array.from(VECTORS.flat()))),
    undefined,
    undefined,
  ],
  [
    'a column of lists, of which one value is constant',
    () => written('a.jsonl', VECTORS.map((v, id) => JSON.stringify({ id, text: `t${id}`, v })).join('\n')),
    ['a vector is the lists in column v, 3 values; id = id, text = text'],
    { ids: ['0', '1'], texts: ['t0', 't1'] },
  ],
  [
    'columns of numbers',
    () =>
      written(
        'a.csv',
        `title,kind,a,b,c\n${VECTORS.map((v, i) => [`t${i}`, 'x', ...v.with(2, i + 0.5)]).join('\n')}\n`,
      ),
    ['a vector is all columns of numbers, 3 values; id = none, text = title; left out: kind'],
    { texts: ['t0', 't1'] },
  ],
])('reads vectors from %s', async (_, location, notes, names) => {
  const data = await read(location());
  expect([data.rows.rowCount, data.rows.width, data.notes, data.names]).toEqual([2, 3, notes, names]);
  expect(Array.from((data.rows as { data: Float32Array }).data.subarray(0, 2))).toEqual([0.5, -1.5]);
});

it.each([
  [2000, 384, 'topk', 1024, 375],
  [10_000, 1536, 'batch-topk', 2048, 75],
  [50_000, 384, 'batch-topk', 1024, 15],
])(
  'sparse codes of %i vectors of %i values: %s of %i units',
  (rowCount, width, sparsity, codeSize, epochs) => {
    const rows = { rowCount, width, data: new Float32Array() };
    const own = embeddingsSparse.settingsFor!({ rows } as unknown as Dataset);
    expect(own).toEqual({ sparsity, codeSize, epochs });
  },
);

it('asks for vectors, and for one column of them', async () => {
  for (const { data } of [embeddings, embeddingsSparse])
    await expect(data(undefined, DIVISION)).rejects.toThrow(/needs vectors: --data vectors.npy/);
  const two = written('a.jsonl', '{"a": [1, 2], "b": [3.5]}\n{"a": [2, 2], "b": [4.5]}\n');
  await expect(read(two)).rejects.toThrow(
    /expected one column of lists, found a, b; choose one with SQL: --data "SELECT a FROM ..."/,
  );
});
