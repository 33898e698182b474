/** Columns that give a label away: a second label, or a column that almost determines the label. */
import { distinctValues, isNamedForAnomalies } from './anomalyLabels.ts';
import type { Labels } from './dataset.ts';
import { type Column, numbersOf, type Table } from './table.ts';

/** Columns with more distinct values than this are not checked. */
const MAX_VALUES = 100;
/** Least share of the label's uncertainty that such a column removes. */
const DETERMINES = 0.95;
/** Names of a second label, for instance of attacks or failures. */
const SECOND_LABEL =
  /(^|[_ ])(attack|anomaly|fraud|failure|label|outlier)([_ ]?(cat|category|type|class|subtype|kind|id))?$/i;

/** Returns the columns that give `labels` away, by name, with the reason to leave each out. */
export function labelLeaks(table: Table, labels: Labels): ReadonlyMap<string, string> {
  const leaks = new Map<string, string>();
  for (const column of table.columns) {
    if (column.name === labels.name || column.type === 'date') continue;
    const values = distinctValues(column);
    if (values.length < 2 || values.length > MAX_VALUES) continue;
    if (column.type === 'number' && !values.every(Number.isInteger)) continue;
    if (uncertaintyRemoved(column, labels) >= DETERMINES) {
      leaks.set(column.name, `gives the label ${labels.name} away`);
    } else if (isNamedForAnomalies(column.name) || SECOND_LABEL.test(column.name)) {
      leaks.set(column.name, 'a second label, by its name');
    }
  }
  return leaks;
}

/**
 * Returns Goodman and Kruskal's lambda: the share of the errors of guessing the label that knowing the column
 * removes.
 */
function uncertaintyRemoved(column: Column, { rows, classes, anomalous }: Labels): number {
  const values = numbersOf(column);
  const joint = new Map<number, [normal: number, anomalous: number]>();
  const total = [0, 0];
  for (let r = 0; r < values.length; r++) {
    const label = rows[r]!;
    if (label < 0) continue;
    const side = Number(anomalous?.includes(classes[label]!) ?? label > 0);
    const own = joint.get(values[r]!) ?? [0, 0];
    own[side]!++;
    total[side]!++;
    joint.set(values[r]!, own);
  }
  const least = Math.min(...total);
  if (least === 0) return 0;
  let wrong = 0;
  for (const counts of joint.values()) wrong += Math.min(...counts);
  return 1 - wrong / least;
}
