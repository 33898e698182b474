/** What rows are known by: their values or, where these change, what they stand for. */
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import type { ColumnRole } from './roles.ts';
import { hashRows, hashTable, type RowHashes } from './rowHashes.ts';
import type { Table } from './table.ts';

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

/** The same of a table's rows, by the columns that a model is to see: labels may come later than their rows. */
export function featureKeys({ rowCount, columns }: Table, roles: readonly ColumnRole[]): RowHashes {
  const features = new Set(roles.filter(({ role }) => role === 'feature').map(({ name }) => name));
  return hashTable({ rowCount, columns: columns.filter(({ name }) => features.has(name)) });
}
