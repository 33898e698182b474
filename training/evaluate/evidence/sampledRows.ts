/** The test rows that a report shows: all of them or, of a large table, a sample. */
import { permutation, random } from '../../../shared/random.ts';
import type { Labels } from '../../data/dataset.ts';

/**
 * Returns the indices of `most` of the rows at random, ascending, with the classes of `labels` in the overall
 * proportions and at least one row of each; all rows if there are no more. Rows are often sorted by class, so
 * the first ones would lack the rare classes.
 */
export function sampledRows(
  rowCount: number,
  most: number,
  labels: Pick<Labels, 'rows'> | undefined,
  seed: number,
): Uint32Array {
  if (rowCount <= most) return Uint32Array.from({ length: rowCount }, (_, row) => row);
  const shuffled = permutation(rowCount, random(seed, 'report'));
  const byClass = new Map<number | undefined, number[]>();
  for (const row of shuffled) {
    const label = labels?.rows[row];
    const own = byClass.get(label);
    if (own === undefined) byClass.set(label, [row]);
    else own.push(row);
  }
  // The rarest first: what they take beyond their share is taken from the largest class.
  const classes = [...byClass.values()].sort((a, b) => a.length - b.length);
  const taken: number[] = [];
  let left = rowCount;
  for (const own of classes) {
    const share = Math.max(1, Math.round(((most - taken.length) * own.length) / left));
    taken.push(...own.slice(0, Math.min(share, most - taken.length)));
    left -= own.length;
  }
  return Uint32Array.from(taken).sort();
}
