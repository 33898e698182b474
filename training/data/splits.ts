/** Ways to split rows into train, validation and test; each returns `Parts` for `Dataset.parts`. */
import { InputError } from '../../shared/errors.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Parts, Shares } from './dataset.ts';
import { hashTable, type RowHashes } from './rowHashes.ts';
import { stableOrder } from './stableOrder.ts';
import { type Column, isMissing, numbersOf, type Table } from './table.ts';

/** Rows without a table: hashes of what stays the same of each. */
interface KeyedRows {
  readonly source: string;
  readonly rowCount: number;
  readonly keys: RowHashes;
}

/**
 * Splits at random, reproducibly by seed. Every part holds at least one row; without `withTest`, the test
 * part is empty. A row is in the same part when others are added, removed or sorted, except for a few that make
 * up for the changed number of rows: what was held out yesterday is not trained on today.
 * @throws {InputError} if there are too few rows.
 */
export function randomSplit(rows: Table | KeyedRows, shares: Shares, seed: number, withTest = true): Parts {
  const { source, rowCount } = rows;
  const validationCount = shareOfRows(rowCount, shares.validation);
  const testCount = withTest ? shareOfRows(rowCount, shares.test) : 0;
  const trainCount = rowCount - validationCount - testCount;
  if (trainCount < 1) {
    throw new InputError(
      `${source}: expected rows to train on in addition to ${validationCount} for validation and ${testCount} for testing, received ${rowCount} in all; lower validationShare and testShare, or provide more rows`,
    );
  }
  const order = stableOrder('keys' in rows ? rows.keys : hashTable(rows), seed);
  return {
    train: order.subarray(0, trainCount),
    validation: order.subarray(trainCount, trainCount + validationCount),
    test: order.subarray(trainCount + validationCount),
  };
}

/** Number of rows in a share: at least one. */
function shareOfRows(rowCount: number, share: number): number {
  return Math.max(1, Math.round(rowCount * share));
}

/**
 * Splits at random so that every part has the classes of `column` in the overall proportions, to within one
 * row per class; missing values count as a class.
 * @param keys Hashes of the rows, by which these keep their part as in `randomSplit`. Default: their numbers count.
 * @throws {InputError} if there are too few rows.
 */
export function stratifiedSplit(column: Column, shares: Shares, seed: number, keys?: RowHashes): Parts {
  const classes = numbersOf(column);
  const rank = (row: number) => (isMissing(column, row) ? Number.NEGATIVE_INFINITY : classes[row]!);
  const byClass = () => hashTable({ rowCount: classes.length, columns: [column] });
  const shuffled = Array.from(stableOrder(keys ?? byClass(), seed));
  // Sorted by class and, since the sort is stable, at random within each.
  const ordered = shuffled.sort((a, b) => rank(a) - rank(b) || 0);
  const [rest, test] = takeOfEach(ordered, shareOfRows(ordered.length, shares.test), rank);
  const [train, validation] = takeOfEach(rest, shareOfRows(ordered.length, shares.validation), rank);
  return requireEveryPart(column.name, { train, validation, test });
}

/**
 * Splits by time: trains on the oldest rows and tests on the newest. Rows of one moment stay together, so
 * shares are approximate. `column` holds dates or numbers.
 * @throws {InputError} if a row has no time, or there are too few distinct moments.
 */
export function timeSplit(column: Column, shares: Shares): Parts {
  if (column.type !== 'date' && column.type !== 'number') {
    throw new InputError(
      `column ${column.name}: expected dates or numbers to sort by, received ${column.type}`,
    );
  }
  const times = column.values;
  const absent = times.findIndex(Number.isNaN);
  if (absent >= 0) {
    throw new InputError(`column ${column.name}, row ${absent + 1}: expected a time, found it missing`);
  }
  const ordered = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const startOfMoment = (position: number) => {
    let start = position;
    while (start > 0 && times[ordered[start - 1]!] === times[ordered[position]!]) start--;
    return start;
  };
  const testStart = startOfMoment(ordered.length - shareOfRows(ordered.length, shares.test));
  const wanted = testStart - shareOfRows(ordered.length, shares.validation);
  const validationStart = wanted < 0 ? 0 : startOfMoment(wanted);
  return requireEveryPart(column.name, {
    train: ordered.slice(0, validationStart),
    validation: ordered.slice(validationStart, testStart),
    test: ordered.slice(testStart),
  });
}

export interface GivenIndices {
  readonly train: ArrayLike<number>;
  readonly validation?: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/**
 * Splits by given row numbers, from 0. Without `validation`, its share of all rows is taken from `train` at
 * random.
 * @throws {InputError} if a row is in no part or in two, or a number is out of range.
 */
export function givenSplit(
  rowCount: number,
  { train, validation, test }: GivenIndices,
  shares: Pick<Shares, 'validation'>,
  seed: number,
): Parts {
  if (validation !== undefined)
    return requireEveryPart('given rows', requireEachRowOnce(rowCount, { train, validation, test }));
  const order = permutation(train.length, random(seed, 'split'));
  const shuffled = Array.from(order, (i) => train[i]!);
  const count = shareOfRows(rowCount, shares.validation);
  const parts = { train: shuffled.slice(count), validation: shuffled.slice(0, count), test };
  return requireEveryPart('given rows', requireEachRowOnce(rowCount, parts));
}

/**
 * Splits by a column that holds `train`, `validation` or `test` in every row (case-insensitive). Without rows
 * of `validation`, its share of all rows is taken from `train` at random.
 * @throws {InputError} naming the row, if it holds any other value.
 */
export function columnSplit(column: Column, shares: Pick<Shares, 'validation'>, seed: number): Parts {
  if (column.type !== 'category') {
    throw new InputError(
      `column ${column.name}: expected train, validation and test, received ${column.type}s`,
    );
  }
  const { codes, categories } = column;
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  const partOf = new Map<string, number[]>(Object.entries(parts));
  for (let row = 0; row < codes.length; row++) {
    const name = categories[codes[row]!];
    const part = partOf.get(name?.toLowerCase() ?? '');
    if (part === undefined) {
      throw new InputError(
        `column ${column.name}, row ${row + 1}: expected train, validation or test, ${name === undefined ? 'found it missing' : `received ${name}`}`,
      );
    }
    part.push(row);
  }
  const { validation, ...others } = parts;
  return givenSplit(codes.length, validation.length === 0 ? others : parts, shares, seed);
}

/** Takes `count` items that are sorted by class, of each class its share, those that come first: `[others, taken]`. */
function takeOfEach(
  items: readonly number[],
  count: number,
  classOf: (item: number) => number,
): [number[], number[]] {
  const parts: [number[], number[]] = [[], []];
  const upTo = (position: number) => Math.floor((position * count) / items.length);
  for (let start = 0, end = 0; start < items.length; start = end) {
    while (end < items.length && classOf(items[end]!) === classOf(items[start]!)) end++;
    const last = start + upTo(end) - upTo(start);
    for (let i = start; i < end; i++) parts[i < last ? 1 : 0].push(items[i]!);
  }
  return parts;
}

function requireEveryPart(by: string, parts: Readonly<Record<keyof Parts, ArrayLike<number>>>): Parts {
  for (const [name, { length }] of Object.entries(parts)) {
    if (length > 0) continue;
    throw new InputError(`split by ${by}: expected rows in every part, found none for ${name}`);
  }
  return {
    train: Uint32Array.from(parts.train),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
  };
}

function requireEachRowOnce(rowCount: number, parts: Readonly<Record<keyof Parts, ArrayLike<number>>>) {
  const seen = new Uint8Array(rowCount);
  for (const row of Object.values(parts).flatMap((part) => Array.from(part))) {
    if (!(row in seen)) {
      throw new InputError(`split: expected rows from 0 to ${rowCount - 1}, received ${row}`);
    }
    if (seen[row]) throw new InputError(`split: expected every row in one part, found row ${row} twice`);
    seen[row] = 1;
  }
  const absent = seen.indexOf(0);
  if (absent >= 0) throw new InputError(`split: expected every row in one part, found row ${absent} in none`);
  return parts;
}
