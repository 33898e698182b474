/** Shares of categories, and of numbers with few distinct values. */
import type { ColumnPair } from './columnGate.ts';

export interface CategoryShare {
  readonly name: string;
  readonly now: number;
  readonly before: number;
}

/** Returns the shares of every value that either column has; undefined for columns of many numbers. */
export function categoryShares({ now, before }: ColumnPair): CategoryShare[] | undefined {
  if (now.shares === undefined || before.shares === undefined) return undefined;
  const [own, old] = [new Map(now.shares), new Map(before.shares)];
  return [...new Set([...own.keys(), ...old.keys()])].map((name) => ({
    name,
    now: own.get(name) ?? 0,
    before: old.get(name) ?? 0,
  }));
}

/** Names the categories with the largest shares. */
export function named(categories: readonly CategoryShare[]): string {
  const most = categories.toSorted((a, b) => Math.max(b.now, b.before) - Math.max(a.now, a.before));
  return `${most
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ')}${most.length > 3 ? ` and ${most.length - 3} more` : ''}`;
}
