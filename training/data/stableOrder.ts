/** A random order of rows that stays as it is when rows are added. */
import { random } from '../../shared/random.ts';
import { mixed, type RowHashes } from './rowHashes.ts';

const GOLDEN_RATIO = 0x9e3779b9;

/**
 * Orders rows by a hash of each, so that neither other rows nor their order have a part in it: with more rows, each
 * is before and after the same ones as before. The n-th of equal rows has a place of its own.
 *
 * @param keys Hashes of what stays the same of a row.
 * @returns Numbers of the rows, each once; another seed gives an independent order.
 */
export function stableOrder(keys: RowHashes, seed: number): Uint32Array {
  const salt = random(seed, 'split').uint32();
  const places = keys.high.map((high, row) => mixed(mixed(high ^ salt) ^ keys.low[row]!));
  let order = sortedBy(places);
  let [copies, before] = [0, -1];
  // Of equal places, all but the first are moved.
  for (const row of order) {
    const place = places[row]!;
    copies = place === before ? copies + 1 : 0;
    before = place;
    if (copies > 0) places[row] = mixed(place + Math.imul(copies, GOLDEN_RATIO));
  }
  order = sortedBy(places);
  return order;
}

/** Rows by their place; equal ones by their number. */
function sortedBy(places: Uint32Array): Uint32Array {
  // Sorted as whole numbers of 64 bits, which takes a fraction of the time of a comparison in JavaScript.
  const pairs = new BigUint64Array(places.length);
  const halves = new Uint32Array(pairs.buffer);
  for (let row = 0; row < places.length; row++) {
    halves[2 * row] = row;
    halves[2 * row + 1] = places[row]!;
  }
  pairs.sort();
  return places.map((_, i) => halves[2 * i]!);
}
