/** The nearest items by cosine, wherever their vectors are held. */
import type { Manifest } from '../../shared/manifest.ts';
import type { VectorizeIndex } from '../environment.ts';
import type { RunningModel } from '../requests/operation.ts';
import { int64s, itemId, itemNumbers, type RankedItem, rankedItems } from './items.ts';

export interface Neighbours {
  /** The `k` items nearest to the item of this number, nearest first and without itself. */
  nearest(number: number, k: number): Promise<RankedItem[]>;
}

/** Exact: the graph `similar` compares the item with every other one. */
export function neighboursInWorker(model: Pick<RunningModel, 'manifest' | 'run'>): Neighbours {
  const { manifest } = model;
  return {
    nearest: async (number, k) => {
      const count = Math.min(k, itemNumbers(manifest).size);
      const inputs = { items: int64s([number], [1]), k: int64s([count], [1]) };
      const { similar, scores } = await model.run('similar', inputs, ['similar', 'scores']);
      return rankedItems(manifest, similar, scores);
    },
  };
}

/** The most that one query answers. */
const MAX_TOP_K = 100;

/**
 * Approximate, from an index of cosines that `npm run vectors` filled: a model's items are in the namespace of its version, each by
 * its number. Of a version that is not in the index there are no neighbours.
 */
export function neighboursInVectorize(index: VectorizeIndex, manifest: Manifest): Neighbours {
  const { version } = manifest;
  return {
    nearest: async (number, k) => {
      const own = vectorId(version, number);
      const { matches } = await index.queryById(own, {
        topK: Math.min(k + 1, MAX_TOP_K), // the item itself is among them
        namespace: version,
        returnValues: false,
        returnMetadata: 'none',
      });
      return matches
        .filter(({ id }) => id !== own)
        .slice(0, k)
        .map(({ id, score }) => ({ item: itemId(manifest, numberOf(id)), score }));
    },
  };
}

/** At most 64 bytes, as Vectorize has it, however long the item's own id is; no two versions share one. */
function vectorId(version: string, number: number): string {
  return `${version}/${number}`;
}

function numberOf(id: string): number {
  return Number(id.slice(id.indexOf('/') + 1));
}
