import { ordersOf, type RowOrder } from '../../../../training/data/rowOrders.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { shareNoise } from './columnGate.ts';

/**
 * Detects sensors that hold a value for some rows, then another one: no single value is frequent, and each is one that
 * occurs.
 */
export const held: DataGate = {
  summary:
    'in no column of numbers, in the order of the rows or of a time, does the share of values that equal the one before exceed that of the values which the champion had before, in any row, by more than this',
  limit: 0.05,
  judge: ({ now, before, columns }, limit) => {
    if (before === undefined) return undefined;
    const orders = ordersOf(columns, now.rows);
    const judged = columns.flatMap((column) => {
      const old = before.columns.find(({ name, type }) => name === column.name && type === column.type);
      if (column.type !== 'number' || old === undefined || old.missing === 1) return [];
      // Rows that are sorted have their equal values next to one another.
      const sorted = 1 - old.distinct / (before.rows * (1 - old.missing));
      const most = Math.min(1, sorted * Math.max(1, now.rows / before.rows));
      const threshold = Math.max(limit, shareNoise(most, { now: now.rows, before: before.rows }));
      return orders.map((order) => {
        const share = repeatedIn(column.values, order);
        return { column: column.name, order: order.name, share, most, figure: share - most, threshold };
      });
    });
    if (judged.length === 0) return undefined;
    const { column, order, share, most, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${column}, in the order ${order}: ${percent(share)} equal the value before, of the champion's at most ${percent(most)} could; limit ${percent(threshold)} more`,
      figure,
      threshold,
      column,
    };
  },
};

/** The share of the values that equal the value before; missing ones are passed over. */
function repeatedIn(values: ArrayLike<number>, { rows }: RowOrder): number {
  let [present, repeated, last] = [0, 0, Number.NaN];
  for (const row of rows) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    present++;
    if (value === last) repeated++;
    last = value;
  }
  return present === 0 ? 0 : repeated / present;
}
