/** Times of day as a place on a circle, with which what has a daily cycle goes together. */
import type { Variable } from './regression.ts';
import type { Column } from './table.ts';

const DAY_MS = 86_400_000;
/** Distinct times of day from which on a column has them, rather than dates. */
const LEAST_DISTINCT = 20;

/**
 * Returns the sine and the cosine of the times of day (UTC) of some rows; none without any time. Dates, and times of a
 * few batches, count as crowded: they tell no hours, but may be what has become of times that did.
 */
export function hoursOf(column: Column, rows: Uint32Array): Variable[] {
  if (column.type !== 'date') return [];
  const angles = Float64Array.from(rows, (row) => (2 * Math.PI * (column.values[row]! % DAY_MS)) / DAY_MS);
  const present = angles.filter((angle) => !Number.isNaN(angle));
  if (present.length === 0) return [];
  const distinct = new Set(present).size;
  const meanOf = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const crowded =
    distinct < LEAST_DISTINCT ? 1 : Math.hypot(meanOf(present.map(Math.sin)), meanOf(present.map(Math.cos)));
  const common = { column: column.name, crowded: Number(crowded.toFixed(4)), varied: 1, distinct };
  return [
    { ...common, hour: 'sine', values: angles.map(Math.sin) },
    { ...common, hour: 'cosine', values: angles.map(Math.cos) },
  ];
}
