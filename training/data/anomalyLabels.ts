/** The column of a table that tells anomalies, which models are compared with and never trained on. */
import type { Labels } from './dataset.ts';
import { type Column, numbersOf, type Table } from './table.ts';

/** As published sets call it, with or without `is` before it. */
const NAME = /^(is[_ ]?)?(y|label|class|target|anomaly|outlier|fraud|attack|ground[_ ]?truth)$/i;

/** The last column with such a name; none where there is none. */
export function labelColumn({ columns }: Table): Column | undefined {
  return columns.findLast(({ name }) => NAME.test(name));
}

/**
 * A column's values as labels. Where there are two, the rarer is that of anomalies; no more is known where there are others.
 * Numbers that are many are no labels.
 */
export function anomalyLabels(column: Column): Labels | undefined {
  const values = Array.from(numbersOf(column));
  const distinct = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
  if (distinct.length > MOST_CLASSES) return undefined;
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

const MOST_CLASSES = 100;
