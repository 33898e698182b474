/** Row numbers, drawn at random. */
import type { Random } from '../../shared/random.ts';

/** Draws `count` of `rowCount` row numbers without replacement; ascending. Takes memory for the drawn ones only. */
export function drawRows(rowCount: number, count: number, source: Random): Uint32Array {
  // Of few rows, it takes less draws to choose those that are left out.
  if (2 * count > rowCount) {
    const left = new Set(drawRows(rowCount, rowCount - count, source));
    return Uint32Array.from({ length: rowCount }, (_, row) => row).filter((row) => !left.has(row));
  }
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(source.integer(rowCount));
  return Uint32Array.from(drawn).sort();
}
