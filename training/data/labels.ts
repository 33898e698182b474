/** Labels as columns, for models that are conditioned on them. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';

/**
 * The data set with every row followed by `classes` columns for its label: 1 for its class, 0 for the others.
 * @throws {InputError} when rows have no labels, or one of `classes` or above.
 */
export function withLabelColumns(dataset: Dataset, classes: number): Dataset {
  const { source, rows, test, labels, featureNames } = dataset;
  const append = (matrix: Matrix, classOfRow: Uint8Array | undefined) => {
    if (classOfRow?.length !== matrix.rowCount) {
      throw new InputError(
        `${source}: expected a label for each of ${matrix.rowCount} rows, received ${classOfRow?.length ?? 'none'}`,
      );
    }
    return appendOneHot(matrix, classOfRow, classes, source);
  };
  const names = Array.from({ length: classes }, (_, label) => `label_${label}`);
  return {
    ...dataset,
    source: `${source} with labels`,
    rowShape: [rows.width + classes],
    featureNames: featureNames && [...featureNames, ...names],
    rows: append(rows, labels?.rows),
    ...(test === undefined ? {} : { test: append(test, labels?.test) }),
  };
}

function appendOneHot(
  { data, rowCount, width }: Matrix,
  classOfRow: Uint8Array,
  classes: number,
  source: string,
): Matrix {
  const wider = new Float32Array(rowCount * (width + classes));
  for (let row = 0; row < rowCount; row++) {
    const label = classOfRow[row]!;
    if (label >= classes) {
      throw new InputError(`${source}: row ${row}: expected a label below ${classes}, received ${label}`);
    }
    const start = row * (width + classes);
    wider.set(data.subarray(row * width, (row + 1) * width), start);
    wider[start + width + label] = 1;
  }
  return { data: wider, rowCount, width: width + classes };
}
