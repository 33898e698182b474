/** The items of a recommender as vectors. */
import { InputError } from '../../shared/errors.ts';
import { itemValue } from '../../shared/itemTable.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { shortestFloats } from '../../shared/shortestFloat.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { openNative } from '../../training/engines/inference.ts';
import type { Metadata, Vector, VectorSource } from './vector.ts';

/** Items per run of the graph. */
const BATCH = 256;

/** @throws {InputError} if the model has no vectors of items. */
export function itemVectors({ manifest, graphs }: Artifact): VectorSource {
  const { name, version, features } = manifest;
  const vectors = manifest.graphs.similar?.outputs.find((output) => output.name === 'vectors');
  if (graphs.similar === undefined || vectors === undefined) {
    throw new InputError(`${name}@${version}: expected a graph with item vectors, found none`);
  }
  return {
    count: features.count,
    dimensions: vectors.shape[1] as number,
    notes: [],
    batches: batchesOf(graphs.similar, manifest),
  };
}

async function* batchesOf(graph: Uint8Array, manifest: Manifest): AsyncGenerator<Vector[]> {
  const { count } = manifest.features;
  const similar = await openNative(graph);
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const items = BigInt64Array.from({ length: size }, (_, i) => BigInt(start + i));
    const { vectors } = await similar.runTensors({
      items: { dtype: 'int64', shape: [size], data: items },
      k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) },
    });
    const width = vectors!.shape[1]!;
    const values = vectors!.data as Float32Array;
    yield Array.from({ length: size }, (_, i) => ({
      // The id that edge/operations/neighbours.ts queries.
      id: `${start + i}`,
      values: shortestFloats(values.subarray(i * width, (i + 1) * width)),
      metadata: metadataOf(manifest, start + i),
    }));
  }
  await similar.release();
}

/** Returns the id of an item, its title, and its values in the table of items. */
function metadataOf({ features, items }: Manifest, number: number): Metadata {
  const title = items?.titles?.[number];
  const values = (items?.columns ?? []).flatMap((column) => {
    const value = itemValue(column, number);
    return value === undefined ? [] : [[column.name, value] as const];
  });
  return {
    ...Object.fromEntries(values),
    item: features.names?.[number] ?? `${number}`,
    ...(typeof title === 'string' && { title }),
  };
}
