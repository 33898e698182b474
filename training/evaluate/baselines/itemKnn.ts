/** Item-based k-nearest neighbours (Sarwar et al., 2001). */
import type { AnyRows } from '../../data/batches.ts';
import { columnsOf } from '../../data/entries.ts';
import { bestOf, type Ranker } from '../metrics/ranking.ts';

/** Number of neighbours that contribute to the score of an item. */
const NEIGHBOURS = 100;
/**
 * Added to the denominator of the cosine, so that a similarity based on few common users counts little; the
 * best of 0, 10 and 50 on MovieLens.
 */
const SHRINKAGE = 10;
/** Most item pairs to count over all users: about 20 seconds. */
const MOST_PAIRS = 2e9;

/**
 * Scores an item by the sum of its similarities to the given items that are among its nearest neighbours.
 * Undefined if there are too many pairs of items.
 */
export function itemKnn(rows: AnyRows): Ranker | undefined {
  const users = Array.from({ length: rows.rowCount }, (_, row) => columnsOf(rows, row));
  if (users.reduce((sum, { length }) => sum + length ** 2, 0) > MOST_PAIRS) return undefined;
  const havers = Array.from({ length: rows.width }, (): number[] => []);
  users.forEach((own, user) => {
    for (const item of own) havers[item]!.push(user);
  });
  // For each item, the items that have it as a neighbour, with the similarity.
  const neighbourOf = Array.from(
    { length: rows.width },
    (): (readonly [item: number, similarity: number])[] => [],
  );
  const together = new Uint32Array(rows.width);
  havers.forEach((who, item) => {
    const met: number[] = [];
    for (const user of who) {
      for (const other of users[user]!) {
        if (other !== item && together[other]!++ === 0) met.push(other);
      }
    }
    const similarityTo = (other: number) =>
      together[other]! / (Math.sqrt(who.length * havers[other]!.length) + SHRINKAGE);
    const near = met.map((other) => [other, similarityTo(other)] as const).sort((a, b) => b[1] - a[1]);
    for (const [other, similarity] of near.slice(0, NEIGHBOURS)) neighbourOf[other]!.push([item, similarity]);
    for (const other of met) together[other] = 0;
  });
  return async (lists, count) =>
    lists.map((given) => {
      const scores = new Float64Array(rows.width);
      for (const neighbour of given)
        for (const [item, similarity] of neighbourOf[neighbour]!) scores[item]! += similarity;
      return bestOf(scores, given, count);
    });
}
