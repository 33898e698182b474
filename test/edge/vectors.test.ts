/**
 * The adapter for Vectorize, which cannot be run on this machine: against the exchange that Cloudflare documents
 * (https://developers.cloudflare.com/vectorize/configuration/query-vectors and .../vectorize/reference/client-api/).
 */
import { expect, it } from 'vitest';
import type { VectorizeIndex } from '../../edge/environment.ts';
import { readBindings } from '../../edge/environment.ts';
import { neighboursInVectorize } from '../../edge/operations/neighbours.ts';
import { similar } from '../../edge/operations/similar.ts';
import { itemsArtifact } from '../support/artifacts/itemsArtifact.ts';

const { manifest } = itemsArtifact();
const { version } = manifest;

/** What `queryById` answers of the ids that are in the index, by the documentation: the item itself first. */
const RECORDED = {
  count: 4,
  matches: [
    { score: 0.999909486, id: `${version}/1` },
    { score: 0.789848214, id: `${version}/4` },
    { score: 0.720476967, id: `${version}/0` },
    { score: 0.463884663, id: `${version}/3` },
  ],
};

function recorded(answer: { matches: readonly { id: string; score: number }[] }) {
  const asked: unknown[] = [];
  const index: VectorizeIndex = {
    queryById: async (...query) => {
      asked.push(query);
      return answer;
    },
  };
  return { index, asked };
}

const graph = async () => {
  throw new Error('the graph must not run');
};

it('asks for the neighbours of a vector in the namespace of the version, and one more for itself', async () => {
  const { index, asked } = recorded(RECORDED);
  expect(await neighboursInVectorize(index, manifest).nearest(1, 3)).toEqual([
    { item: 'e', score: 0.789848214 },
    { item: 'a', score: 0.720476967 },
    { item: 'd', score: 0.463884663 },
  ]);
  const options = { topK: 4, namespace: version, returnValues: false, returnMetadata: 'none' };
  expect(asked).toEqual([[`${version}/1`, options]]);
});

it('never asks for more than Vectorize answers, 100', async () => {
  const { index, asked } = recorded(RECORDED);
  await neighboursInVectorize(index, manifest).nearest(1, 1000);
  expect(asked).toMatchObject([[`${version}/1`, { topK: 100 }]]);
});

it('is what the operation `similar` uses where it is bound', async () => {
  const { index } = recorded(RECORDED);
  const { vectors } = readBindings({ VECTORS: index });
  const answer = await similar.run({ manifest, vectors, run: graph }, { item: 'b', k: 1 }, 1, {});
  expect(answer.body()).toEqual({ items: [{ item: 'e', score: 0.789848214 }] });
});

it('of a version that is not in the index, the Worker answers itself', async () => {
  const { index } = recorded({ matches: [] });
  const run = async (name: string) => {
    expect(name).toBe('similar');
    return {
      similar: { dtype: 'int64', shape: [1, 1], data: BigInt64Array.of(2n) },
      scores: { dtype: 'float32', shape: [1, 1], data: Float32Array.of(0.5) },
    } as never;
  };
  const answer = await similar.run({ manifest, vectors: index, run }, { item: 'b', k: 1 }, 1, {});
  expect(answer.body()).toEqual({ items: [{ item: 'c', score: 0.5 }] });
});
