/** The target columns of a table, as labels and as a number to predict. */
import type { Labels, Target } from './dataset.ts';
import type { ColumnRole } from './roles.ts';
import { type Column, columnOf, type Table } from './table.ts';

export interface TableTargets {
  readonly labels?: Labels;
  readonly target?: Target;
}

/**
 * Of the columns with the role `target` or `label`, the first one of categories or booleans becomes the labels, and the
 * first one of numbers the target.
 */
export function tableTargets(table: Table, roles: readonly ColumnRole[]): TableTargets {
  const columns = roles
    .filter(({ role }) => role === 'target' || role === 'label')
    .map(({ name }) => columnOf(table, name));
  const labels = columns.map(classesOf).find((each) => each !== undefined);
  const target = columns.find((column) => column.type === 'number');
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(target === undefined ? {} : { target: { name: target.name, rows: target.values } }),
  };
}

function classesOf(column: Column): Labels | undefined {
  if (column.type === 'category') {
    return { name: column.name, classes: column.categories, rows: column.codes };
  }
  if (column.type !== 'boolean') return undefined;
  const rows = Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : value));
  return { name: column.name, classes: ['false', 'true'], rows };
}
