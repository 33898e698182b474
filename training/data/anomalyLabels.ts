/** The column of a table that marks anomalies; models are evaluated against it and never trained on it. */
import type { Labels } from './dataset.ts';
import { type Column, numbersOf, type Table } from './table.ts';

/** Names that published data sets give this column, with or without a leading `is`. */
const LABEL_NAME = /^(is[_ ]?)?(y|label|class|target|anomaly|outlier|fraud|attack|ground[_ ]?truth)$/i;

const MAX_CLASSES = 100;

/** Returns the last column with such a name, or undefined. */
export function labelColumn({ columns }: Table): Column | undefined {
  return columns.findLast(({ name }) => LABEL_NAME.test(name));
}

/**
 * Returns a column's values as labels. Of exactly two classes, the rarer one is the anomalies; with any other
 * number, `anomalous` is not set. Returns undefined for more than 100 distinct values, which are not classes.
 */
export function anomalyLabels(column: Column): Labels | undefined {
  const values = Array.from(numbersOf(column));
  const distinct = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
  if (distinct.length > MAX_CLASSES) return undefined;
  const nameOf = (value: number) => {
    if (column.type === 'category') return column.categories[value]!;
    return column.type === 'boolean' ? String(value === 1) : String(value);
  };
  const counts = distinct.map((value) => values.filter((each) => each === value).length);
  const rarest = distinct[counts.indexOf(Math.min(...counts))];
  return {
    name: column.name,
    classes: distinct.map(nameOf),
    rows: values.map((value) => distinct.indexOf(value)),
    ...(distinct.length === 2 && { anomalous: [nameOf(rarest!)] }),
  };
}
