/** Data sets, the common result of every data source. */
import { createHash } from 'node:crypto';
import type { ItemTable } from '../../shared/itemTable.ts';
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import type { ColumnChoices } from './choices.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { ColumnRole } from './roles.ts';
import type { RowHashes } from './rowHashes.ts';
import { sparseArrays } from './sparse.ts';
import type { StoredRows } from './storedRows.ts';
import type { Table } from './table.ts';

/**
 * Row numbers, from 0. Every row is in exactly one part, except in recipes that reproduce a published run
 * that validated on its test rows.
 */
export interface Parts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Classes of the rows, as indices in `classes`; -1 if unknown. Models do not see them unless asked to. */
export interface Labels {
  /** Name of the column, if the labels come from a table. */
  readonly name?: string;
  readonly classes: readonly string[];
  /** The classes whose rows are anomalies, if the labels mark anomalies. */
  readonly anomalous?: readonly string[];
  readonly rows: ArrayLike<number>;
  /** Values for the rows of `Dataset.test`. */
  readonly test?: ArrayLike<number>;
}

/** A number per row to predict. No autoencoder is trained on it. */
export interface Target {
  /** Name of the column. */
  readonly name: string;
  readonly rows: ArrayLike<number>;
  /** Values for the rows of `Dataset.test`. */
  readonly test?: ArrayLike<number>;
}

/** Ids and texts of the rows, one per row of `Dataset.rows`, for reports and vector stores. No model sees them. */
export interface RowNames {
  readonly ids?: readonly string[];
  readonly texts?: readonly string[];
}

export interface Dataset<R extends Rows = Matrix> {
  /** Origin of the rows, for messages and the manifest. */
  readonly source: string;
  /** The path or address that a recipe was given to read the rows from, if any. */
  readonly location?: string;
  /** Shape of one row, for instance `[28, 28]`; its product is the number of features. */
  readonly rowShape: readonly number[];
  /** Shape of a row without the condition columns at its end; set only if there are such columns. */
  readonly targetShape?: readonly number[];
  /** Names of the condition columns, if they are one-hot labels. */
  readonly conditionLabels?: readonly string[];
  /** One name per feature; null where features are positions, as in an image. */
  readonly featureNames: readonly string[] | null;
  /** Titles and columns of a recommender's items, if there is a table of them. */
  readonly items?: ItemTable;
  readonly rows: R;
  /** All training rows, if there are too many to hold: `rows` then has only a sample of them. */
  readonly stored?: StoredRows;
  /** The published test set, if there is one; otherwise a share of `rows` is held out. */
  readonly test?: R;
  /** A fixed split of the rows (`splits.ts`); replaces `test` and the random split. */
  readonly parts?: Parts;
  readonly labels?: Labels;
  readonly target?: Target;
  readonly names?: RowNames;
  /** Hashes of what each row stands for, if its values change with time: of the users. */
  readonly identities?: RowHashes;
  /** Roles of the columns, if the rows come from a table. */
  readonly roles?: readonly ColumnRole[];
  /** The table's columns that a profile describes: features, targets and times. */
  readonly observed?: Table;
  /** Decisions about the data, with the flag that changes each, for people to check. */
  readonly notes?: readonly string[];
  /** Choices about the columns that were made or inferred, to read other rows in the same way. */
  readonly choices?: ColumnChoices;
  /**
   * Set if the rows are encoded columns (`preprocess/dataset.ts`); exported graphs then take and return raw
   * columns.
   */
  readonly preprocessing?: Preprocessing;
}

export interface Shares {
  /** Share of the rows held out to choose the best epoch, in (0, 1). */
  readonly validation: number;
  /** Share of the rows held out for the final metrics, in (0, 1); unused if the data has a test set. */
  readonly test: number;
}

/** Returns the sha256, in hex, of the rows' shape and values, the split, the target and the labels. */
export function fingerprint({ rows, stored, test, parts, target, labels }: Dataset<Rows>): string {
  const hash = createHash('sha256');
  if (stored !== undefined) hash.update(stored.fingerprint);
  for (const part of test === undefined ? [rows] : [rows, test]) {
    hash.update(`${part.rowCount}x${part.width};`);
    for (const { buffer, byteOffset, byteLength } of isSparse(part) ? sparseArrays(part) : [part.data])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  if (parts !== undefined) {
    for (const indices of [parts.train, parts.validation, parts.test]) {
      hash.update(`${indices.length};`);
      hash.update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
    }
  }
  if (target !== undefined) {
    for (const values of [target.rows, target.test ?? []]) hash.update(Float64Array.from(values));
  }
  if (labels !== undefined) {
    hash.update(JSON.stringify(labels.classes));
    for (const values of [labels.rows, labels.test ?? []]) hash.update(Int32Array.from(values));
  }
  return hash.digest('hex');
}
