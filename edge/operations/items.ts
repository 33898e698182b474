/** Items of a recommender: ids in requests, numbers in graphs. */
import * as z from 'zod';
import type { Manifest } from '../../shared/manifest.ts';
import { shortestFloat } from '../../shared/shortestFloat.ts';
import type { NumberTensor } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { Compared } from '../shadow/compared.ts';

export const ItemId = z
  .union([z.string(), z.number().int()])
  .describe('The id of an item in the training data; a number stands for its decimal text.')
  .transform(String);

const RankedItem = z.strictObject({
  item: z.string().describe('The id of the item.'),
  score: z.number().describe('The score of the item; higher is better.'),
  title: z
    .string()
    .nullable()
    .describe('With `include=title`: the title of the item, or null if it has none.')
    .optional(),
});

export const RankedItems = z
  .array(RankedItem)
  .describe('The items, best first; scores are comparable within one answer only.');

/** The query of operations that answer items. */
export const ItemQuery = z.strictObject({
  include: z
    .enum(['title'])
    .describe('Adds the title of each item; for models that were trained with a table of items.')
    .optional(),
});

export type RankedItem = z.infer<typeof RankedItem>;

/** Rankings are compared by the scores of the items in both, and by their first item. */
export const comparedRankings: Compared = {
  values: ({ items }) => new Map((items as readonly RankedItem[]).map(({ item, score }) => [item, score])),
  verdict: ({ items }) => (items as readonly RankedItem[])[0]?.item,
};

export const TopK = z.number().int().min(1).max(1000).describe('The maximum number of items in the answer.');

const numbers = new WeakMap<Manifest, ReadonlyMap<string, number>>();

/** Returns the number of each item by its id; cached per manifest. */
export function itemNumbers(manifest: Manifest): ReadonlyMap<string, number> {
  const known = numbers.get(manifest);
  if (known) return known;
  const made = new Map(
    Array.from({ length: manifest.features.count }, (_, number) => [itemId(manifest, number), number]),
  );
  numbers.set(manifest, made);
  return made;
}

/**
 * Returns the items that a graph ranked in one row of `[N, K]`, by id; -1 fills the ranking if too few items are
 * left, and is dropped.
 */
export function rankedItems(
  manifest: Manifest,
  ranked: NumberTensor,
  scores: NumberTensor,
  row = 0,
): RankedItem[] {
  const width = ranked.shape[1]!;
  return Array.from({ length: width }, (_, rank) => row * width + rank).flatMap((at) => {
    const number = Number(ranked.data[at]);
    if (number < 0) return [];
    return [{ item: itemId(manifest, number), score: shortestFloat(Number(scores.data[at])) }];
  });
}

/**
 * Returns a function that adds titles, if the query asks for them.
 * @throws {ProblemError} `invalid-query` if the model has none.
 */
export function titled(
  { name, version, items }: Manifest,
  { include }: z.output<typeof ItemQuery>,
  numbers: ReadonlyMap<string, number>,
): (ranked: readonly RankedItem[]) => RankedItem[] {
  if (include === undefined) return (ranked) => [...ranked];
  const titles = items?.titles;
  if (titles === undefined) {
    const detail = `${name}@${version} has no titles: train it with --items and a table that has a column title.`;
    throw new ProblemError('invalid-query', { detail, received: include });
  }
  return (ranked) => ranked.map((each) => ({ ...each, title: titles[numbers.get(each.item)!] ?? null }));
}

export interface ItemFilter {
  /** Numbers of items to leave out of the answer. */
  readonly excluded: readonly number[];
  /** Numbers of the only items to answer; undefined allows all. */
  readonly allowed: readonly number[] | undefined;
}

/**
 * Returns the `k` most popular items of the training data; the score is the share of the training users with
 * the item.
 */
export function mostPopular(manifest: Manifest, k: number, { excluded, allowed }: ItemFilter): RankedItem[] {
  const { mean: shares } = manifest.features.statistics;
  const shareOf = (number: number) => shares[number] ?? 0;
  const byShare = (numbers: readonly number[]) => numbers.toSorted((a, b) => shareOf(b) - shareOf(a));
  const ranked = allowed === undefined ? ranking(manifest, byShare) : byShare(allowed);
  const barred = new Set(excluded);
  // Enough candidates to skip every excluded item.
  const first = ranked.slice(0, k + barred.size).filter((number) => !barred.has(number));
  return first.slice(0, k).map((number) => ({
    item: itemId(manifest, number),
    score: shortestFloat(Math.fround(shareOf(number))),
  }));
}

const rankings = new WeakMap<Manifest, readonly number[]>();

/** Returns all items, most popular first; cached per manifest. */
function ranking(manifest: Manifest, sorted: (numbers: readonly number[]) => readonly number[]) {
  const known = rankings.get(manifest);
  if (known) return known;
  const made = sorted([...itemNumbers(manifest).values()]);
  rankings.set(manifest, made);
  return made;
}

/**
 * Returns lists of numbers as a tensor `[lists, longest]`. Shorter ones are filled up with -1, as an empty one is,
 * since a graph takes none.
 */
export function idLists(lists: readonly (readonly number[])[]): NumberTensor {
  const width = Math.max(1, ...lists.map(({ length }) => length));
  const data = new BigInt64Array(lists.length * width).fill(-1n);
  lists.forEach((list, row) => {
    list.forEach((number, i) => {
      data[row * width + i] = BigInt(number);
    });
  });
  return { dtype: 'int64', data, shape: [lists.length, width] };
}

/** Returns integers as an int64 tensor. */
export function int64s(values: readonly number[], shape: readonly number[]): NumberTensor {
  return { dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape };
}

/** Returns the id of the item with this number. */
export function itemId({ features }: Manifest, number: number): string {
  return features.names?.[number] ?? `${number}`;
}
