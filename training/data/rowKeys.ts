/** What rows are known by: their values or, where these change, what they stand for. */
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { hashRows, hashTable, type RowHashes } from './rowHashes.ts';

const hashed = new WeakMap<Dataset<Rows>, RowHashes>();

/** Hashes of the features of each row; cached per data set. */
export function hashesOf(data: Dataset<Rows>): RowHashes {
  const { preprocessing, rows, featureNames } = data;
  const made =
    hashed.get(data) ??
    (preprocessing === undefined ? hashRows(rows, featureNames) : hashTable(preprocessing.table));
  hashed.set(data, made);
  return made;
}

/** Hashes that a row has tomorrow, too: of the user, if it is what a user had, and otherwise of its values. */
export const keysOf = (data: Dataset<Rows>): RowHashes => data.identities ?? hashesOf(data);
