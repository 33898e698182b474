/** How far columns have moved. Where a relation is curved, that changes the correlation. */
import type { Profile } from '../../../../training/data/profile.ts';
import { rankOf } from '../../../../training/data/ranks.ts';

/** Standard deviation of ranks from 0 to 1. */
const OF_RANKS = Math.sqrt(1 / 12);

/** Returns by how much a column of numbers has moved, in standard deviations of the champion's ranks; 0 of others. */
export function movesBetween(now: Profile, before: Profile): (column: string) => number {
  const known = new Map(before.columns.map(({ name, quantiles }) => [name, quantiles]));
  const moves = new Map(
    now.columns.map(({ name, type, quantiles: own }) => {
      const old = known.get(name);
      return [name, type !== 'number' || !own || !old ? 0 : (meanRank(own, old) - 0.5) / OF_RANKS];
    }),
  );
  return (column) => moves.get(column) ?? 0;
}

/** The mean rank that values with the first quantiles have in the distribution of the second. */
function meanRank(quantiles: readonly number[], known: readonly number[]): number {
  const ranks = quantiles.slice(1).map((high, i) => rankOf((quantiles[i]! + high) / 2, known));
  return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
}

/**
 * Returns how much the correlation of two columns changes by how far these have moved, where it is a curve, as the
 * champion's data tell.
 */
export function changesByMoves(now: Profile, before: Profile): (a: string, b: string) => number {
  const move = movesBetween(now, before);
  const { variables = [], curvatures = [] } = before.relations ?? {};
  const changes = new Map<string, number>();
  for (const [i, j, curvature] of curvatures) {
    const [of, by] = [variables[i]!.column, variables[j]!.column];
    const key = keyOf(of, by);
    changes.set(key, (changes.get(key) ?? 0) + Math.abs(curvature * move(by)));
  }
  return (a, b) => changes.get(keyOf(a, b)) ?? 0;
}

function keyOf(a: string, b: string): string {
  return JSON.stringify([a, b].sort());
}
