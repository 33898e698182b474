/** The items of a recommender: ids in requests, numbers in graphs. */
import * as z from 'zod';
import type { Manifest } from '../../shared/manifest.ts';
import type { NumberTensor } from '../../shared/tensor.ts';

export const ItemId = z
  .union([z.string(), z.number().int()])
  .describe('The id of an item as it was in the training data; a number stands for its decimal text.')
  .transform(String);

const RankedItem = z.strictObject({
  item: z.string().describe('Its id.'),
  score: z.number().describe('How well it fits.'),
});

export const RankedItems = z.array(RankedItem).describe('Best first; scores compare within one answer only.');

export type RankedItem = z.infer<typeof RankedItem>;

export const TopK = z.number().int().min(1).max(1000).describe('How many items are answered at most.');

const numbers = new WeakMap<Manifest, ReadonlyMap<string, number>>();

/** The number of each item by its id; worked out once. */
export function itemNumbers(manifest: Manifest): ReadonlyMap<string, number> {
  const known = numbers.get(manifest);
  if (known) return known;
  const made = new Map(
    Array.from({ length: manifest.features.count }, (_, number) => [itemId(manifest, number), number]),
  );
  numbers.set(manifest, made);
  return made;
}

/** What a graph ranks, by id; those are left out that stand for none left. */
export function rankedItems(manifest: Manifest, ranked: NumberTensor, scores: NumberTensor): RankedItem[] {
  const items = Array.from(ranked.data, Number);
  return items.flatMap((number, rank) =>
    number < 0 ? [] : [{ item: itemId(manifest, number), score: Number(scores.data[rank]) }],
  );
}

export interface ItemFilter {
  /** Numbers of items that are not answered. */
  readonly excluded: readonly number[];
  /** Those that alone are; all where not given. */
  readonly allowed: readonly number[] | undefined;
}

/** The `k` items that most users of the training data had, each with the share of them who did. */
export function mostPopular(manifest: Manifest, k: number, { excluded, allowed }: ItemFilter): RankedItem[] {
  const { mean: shares } = manifest.features.statistics;
  const shareOf = (number: number) => shares[number] ?? 0;
  const byShare = (numbers: readonly number[]) => numbers.toSorted((a, b) => shareOf(b) - shareOf(a));
  const ranked = allowed === undefined ? ranking(manifest, byShare) : byShare(allowed);
  const barred = new Set(excluded);
  // As many more as there are items to skip.
  const first = ranked.slice(0, k + barred.size).filter((number) => !barred.has(number));
  return first.slice(0, k).map((number) => ({ item: itemId(manifest, number), score: shareOf(number) }));
}

const rankings = new WeakMap<Manifest, readonly number[]>();

/** All items, the most popular first; worked out once. */
function ranking(manifest: Manifest, sorted: (numbers: readonly number[]) => readonly number[]) {
  const known = rankings.get(manifest);
  if (known) return known;
  const made = sorted([...itemNumbers(manifest).values()]);
  rankings.set(manifest, made);
  return made;
}

/** The numbers of one user's items as a graph takes them: -1 stands for none, since a list may not be empty. */
export function idList(numbers: readonly number[]): NumberTensor {
  return int64s(numbers.length === 0 ? [-1] : numbers, [1, Math.max(1, numbers.length)]);
}

/** Int64 numbers as a tensor. */
export function int64s(values: readonly number[], shape: readonly number[]): NumberTensor {
  return { dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape };
}

/** The id of the item of this number. */
export function itemId({ features }: Manifest, number: number): string {
  return features.names?.[number] ?? `${number}`;
}
