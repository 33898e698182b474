/** What every data source returns. */
import { createHash } from 'node:crypto';
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { ColumnRole } from './roles.ts';
import { sparseArrays } from './sparse.ts';

/** Row numbers, from 0: every row is in exactly one part, but where a published run validated on its test rows. */
export interface Parts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The class of every row, as its position in `classes`; -1 where it is not known. No model sees them unless asked to. */
export interface Labels {
  /** Of the column, where they are from a table. */
  readonly name?: string;
  readonly classes: readonly string[];
  /** Those of the classes whose rows are anomalies, where that is what the labels tell. */
  readonly anomalous?: readonly string[];
  readonly rows: ArrayLike<number>;
  /** Of the rows of the test set, where there is one. */
  readonly test?: ArrayLike<number>;
}

/** A number of every row that is to be predicted. No model is trained on it. */
export interface Target {
  /** Of the column. */
  readonly name: string;
  readonly rows: ArrayLike<number>;
  /** Of the rows of the test set, where there is one. */
  readonly test?: ArrayLike<number>;
}

export interface Dataset<R extends Rows = Matrix> {
  /** Where the rows came from, for the manifest. */
  readonly source: string;
  /** Shape of one row, for instance `[28, 28]`; its product is the number of features. */
  readonly rowShape: readonly number[];
  /** Shape of a row without the columns of a condition at its end, where there are such. */
  readonly targetShape?: readonly number[];
  /** What those columns are, where they are one-hot labels: the name of each. */
  readonly conditionLabels?: readonly string[];
  /** One name per feature; null where features are positions, as in an image. */
  readonly featureNames: readonly string[] | null;
  /** What people call the items of a recommender, one per feature, where these have names that say nothing. */
  readonly itemTitles?: readonly string[];
  readonly rows: R;
  /** A published test set, where there is one; otherwise a share of `rows` is held out. */
  readonly test?: R;
  /** How the rows are divided (`splits.ts`), in place of `test` and of chance. */
  readonly parts?: Parts;
  readonly labels?: Labels;
  readonly target?: Target;
  /** What the columns of a table were taken for. */
  readonly roles?: readonly ColumnRole[];
  /** Where the rows are encoded columns of a table (`preprocess/dataset.ts`): exported graphs take and answer columns. */
  readonly preprocessing?: Preprocessing;
}

export interface Shares {
  /** Share of the rows held out for choosing the best epoch, in (0, 1). */
  readonly validation: number;
  /** Share of the rows held out for the final figures, in (0, 1); unused where the data has a test set. */
  readonly test: number;
}

/** sha256, in hex, over the shape and every value of the rows, in order, how they are divided, the target and the labels. */
export function fingerprint({ rows, test, parts, target, labels }: Dataset<Rows>): string {
  const hash = createHash('sha256');
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
