/** Neighbours that the codes of rows keep. */
import { graphSpec } from '../../../shared/manifest.ts';
import { codesOf } from '../../../training/evaluate/code.ts';
import { nearestTo, recallsOf, searchOf } from '../../../training/evaluate/metrics/nearest.ts';
import type { ComparedVersion, HeldOut } from './heldOut.ts';

/** Seed that chooses the rows that are searched for; the same for both versions. */
const SEED = 1;

/**
 * Returns the recall@10 of a tenth of the rows, searched for among the others by their codes; undefined if the codes
 * are not made for that.
 */
export async function keptNeighbours(
  { graphs, manifest }: ComparedVersion,
  { test }: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  const search = manifest.metrics['recall@10'] === undefined ? undefined : searchOf(test, test, SEED);
  if (search === undefined) return undefined;
  const encoder = { model: graphs.encoder, outputs: graphSpec(manifest, 'encoder').outputs };
  const codes = {
    queries: await codesOf(encoder, search.queries),
    indexed: await codesOf(encoder, search.indexed),
  };
  return recallsOf(await nearestTo(search), await nearestTo(codes));
}
