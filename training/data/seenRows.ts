/** The rows that a model has seen in training, as bits: enough to leave them out of a later comparison. */
import * as z from 'zod';
import type { RowHashes } from './rowHashes.ts';

/**
 * A Bloom filter (Bloom, 1970) with one hash function. One bit in 16 or fewer is set, so that a row that was
 * not seen is taken for a seen one in at most 6 % of the cases, and no row can be told to have been seen.
 */
export const SeenRows = z.object({
  /** Rows are covered by the filter if their hash is a multiple of this. */
  every: z.number().int().positive(),
  /** The bits, as base64. */
  bits: z.base64(),
});

export type SeenRows = z.infer<typeof SeenRows>;

/** Fewer rows that a model has not seen decide nothing: then all held-out rows are used. */
export const FEWEST = 50;

/** Most rows in a filter, which then takes 64 KiB. */
const MOST_ROWS = 32_768;
const BITS_PER_ROW = 16;

export function seenRows({ high, low }: RowHashes, rows: ArrayLike<number>): SeenRows {
  const every = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const covered = Array.from(rows).filter((row) => low[row]! % every === 0);
  const bytes = new Uint8Array(Math.max(1, Math.ceil((covered.length * BITS_PER_ROW) / 8)));
  for (const row of covered) {
    const bit = high[row]! % (8 * bytes.length);
    bytes[bit >> 3]! |= 1 << (bit & 7);
  }
  return { every, bits: Buffer.from(bytes).toString('base64') };
}

/** Returns those of the rows that the filter covers and that were not seen. */
export function unseenAmong(
  { every, bits }: SeenRows,
  { high, low }: RowHashes,
  rows: ArrayLike<number>,
): number[] {
  const bytes = Buffer.from(bits, 'base64');
  return Array.from(rows).filter((row) => {
    if (low[row]! % every !== 0) return false;
    const bit = high[row]! % (8 * bytes.length);
    return (bytes[bit >> 3]! & (1 << (bit & 7))) === 0;
  });
}
