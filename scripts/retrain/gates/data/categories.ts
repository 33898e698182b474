/** Shares of categories, and of numbers with few distinct values. */
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { type ColumnPair, STANDARD_ERRORS } from './columnGate.ts';

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

/** Rows of one category that chance puts into the same of two nights once in 4,000: half of them for each night. */
const ROWS = 6;

/**
 * Returns the share of a number of rows that chance puts into categories which others, as many as `known` describes,
 * have not: about that of the categories with a single row among those (Good, 1953).
 */
export function unseenNoise({ shares = [] }: ColumnProfile, knownRows: number, rows: number): number {
  const single = shares.filter(([, share]) => share * knownRows < 1.5).length / knownRows;
  const factor = 1 / rows + 1 / knownRows;
  return single + STANDARD_ERRORS * Math.sqrt(single * factor) + ROWS * factor;
}
