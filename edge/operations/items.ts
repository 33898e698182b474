/** The items of a recommender: ids in requests, numbers in graphs. */
import * as z from 'zod';
import type { Manifest } from '../../shared/manifest.ts';
import type { NumberTensor } from '../../shared/tensor.ts';

export const ItemId = z
  .union([z.string(), z.number().int()])
  .describe('The id of an item as it was in the training data; a number stands for its decimal text.')
  .transform(String);

export const RankedItems = z
  .array(
    z.strictObject({ item: z.string().describe('Its id.'), score: z.number().describe('How well it fits.') }),
  )
  .describe('Best first; scores compare within one answer only.');

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
export function rankedItems(
  manifest: Manifest,
  ranked: NumberTensor,
  scores: NumberTensor,
): z.infer<typeof RankedItems> {
  const items = Array.from(ranked.data, Number);
  return items.flatMap((number, rank) =>
    number < 0 ? [] : [{ item: itemId(manifest, number), score: Number(scores.data[rank]) }],
  );
}

/** Int64 numbers as a tensor. */
export function int64s(values: readonly number[], shape: readonly number[]): NumberTensor {
  return { dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape };
}

function itemId({ features }: Manifest, number: number): string {
  return features.names?.[number] ?? `${number}`;
}
