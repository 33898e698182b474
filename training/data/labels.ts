/** Labels as columns, for models conditioned on them. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Dataset, Labels } from './dataset.ts';

/**
 * Appends one-hot labels to every row, as a condition: one column per class.
 * @throws {InputError} if there are no labels, or the label of a row is unknown.
 */
export function withLabelColumns(dataset: Dataset): Dataset {
  const { source, rows, test, labels, featureNames } = dataset;
  if (labels === undefined) throw new InputError(`${source}: expected labels of the rows, received none`);
  const { classes } = labels;
  const append = (matrix: Matrix, classOfRow: Labels['rows'] = []) =>
    appendOneHot(matrix, classOfRow, classes.length, source);
  return {
    ...dataset,
    source: `${source} with labels`,
    rowShape: [rows.width + classes.length],
    targetShape: dataset.rowShape,
    conditionLabels: classes,
    featureNames: featureNames && [...featureNames, ...classes.map((name) => `label_${name}`)],
    rows: append(rows, labels.rows),
    ...(test === undefined ? {} : { test: append(test, labels.test) }),
  };
}

function appendOneHot(
  { data, rowCount, width }: Matrix,
  classOfRow: Labels['rows'],
  classes: number,
  source: string,
): Matrix {
  const wider = new Float32Array(rowCount * (width + classes));
  for (let row = 0; row < rowCount; row++) {
    const label = classOfRow[row];
    if (label === undefined || label < 0) {
      throw new InputError(`${source}: row ${row}: expected a label, found none; leave the row out`);
    }
    const start = row * (width + classes);
    wider.set(data.subarray(row * width, (row + 1) * width), start);
    wider[start + width + label] = 1;
  }
  return { data: wider, rowCount, width: width + classes };
}
