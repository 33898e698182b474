/** Nearest items by cosine similarity, in the Worker or in Vectorize. */
import type { Manifest } from '../../shared/manifest.ts';
import type { VectorizeIndex } from '../environment.ts';
import type { RunningModel } from '../requests/operation.ts';
import { int64s, itemId, itemNumbers, type RankedItem, rankedItems } from './items.ts';

export interface Neighbours {
  /** Returns the `k` items nearest to this item, nearest first, without the item itself. */
  nearest(number: number, k: number): Promise<RankedItem[]>;
}

/** Exact search: the graph `similar` compares the item with every other one. */
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

/** Vectorize's limit of results per query. */
const MAX_TOP_K = 100;

/**
 * Approximate search in a cosine index that `npm run vectors` filled. The items of a model are in the
 * namespace of its version, by number; a version that is not in the index has no neighbours.
 */
export function neighboursInVectorize(index: VectorizeIndex, manifest: Manifest): Neighbours {
  const { version } = manifest;
  return {
    nearest: async (number, k) => {
      const own = vectorId(version, number);
      const { matches } = await index.queryById(own, {
        topK: Math.min(k + 1, MAX_TOP_K), // one more for the item itself
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

/**
 * Returns an id within Vectorize's 64 bytes, however long the item's own id is, and unique across versions.
 */
function vectorId(version: string, number: number): string {
  return `${version}/${number}`;
}

function numberOf(id: string): number {
  return Number(id.slice(id.indexOf('/') + 1));
}
