/** What the first recommendations to all users show of the catalogue: coverage, novelty, popularity bias. */
import { mean } from '../../estimators/scores.ts';

/** Items per user that are counted: those on a first page. */
const SHOWN = 20;

/** Share of the training users who had each item; null counts as 0. */
export type ItemShares = readonly (number | null)[];

/**
 * - `coverage@20`, in [0, 1]: the share of all items that are among the first 20 of some user;
 * - `novelty@20`, in bits: the mean of -log2(share) over the first 20 of each user, with the share of an item that no
 *   training user had taken for 1 in a million (Vargas & Castells, 2011);
 * - `popularity-lift@20`: by how much of their own mean share the items recommended to users exceed those that they
 *   have: 0 without popularity bias, 1 if they are twice as popular (Abdollahpouri et al., 2020).
 */
export function exposureMetrics(
  users: readonly { readonly given: readonly number[] }[],
  rankings: readonly (readonly number[])[],
  shares: ItemShares,
): Record<string, number> {
  const shareOf = (item: number) => shares[item] ?? 0;
  const shown = rankings.map((ranked) => ranked.filter((item) => item >= 0).slice(0, SHOWN));
  const some = shown.flatMap((items, user) => (items.length === 0 ? [] : [user]));
  if (some.length === 0) return {};
  const averaged = (value: (user: number) => number) => mean(some.map(value));
  const popularity = (items: readonly number[]) => mean(items.map(shareOf));
  const own = averaged((user) => popularity(users[user]!.given));
  return {
    [`coverage@${SHOWN}`]: new Set(shown.flat()).size / shares.length,
    [`novelty@${SHOWN}`]: averaged((user) =>
      mean(shown[user]!.map((item) => -Math.log2(shareOf(item) || LEAST_SHARE))),
    ),
    ...(own > 0 && { [`popularity-lift@${SHOWN}`]: averaged((user) => popularity(shown[user]!)) / own - 1 }),
  };
}

const LEAST_SHARE = 1e-6;
