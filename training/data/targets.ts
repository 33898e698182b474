/** A table's column as what is known of the rows of a data set: a number to predict, or a class. */
import { InputError } from '../../shared/errors.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { columnOf, type Table } from './table.ts';

/**
 * The data set of this table's rows with the column as its target, or as its labels where it holds categories or truth
 * values.
 * @throws {InputError} for a column of dates, and where a number is missing, naming the row.
 */
export function withTarget<R extends Rows>(dataset: Dataset<R>, table: Table, name: string): Dataset<R> {
  const column = columnOf(table, name);
  switch (column.type) {
    case 'category':
      return { ...dataset, labels: { classes: column.categories, rows: column.codes } };
    case 'boolean':
      return {
        ...dataset,
        labels: {
          classes: ['false', 'true'],
          rows: column.values.map((value) => (Number.isNaN(value) ? -1 : value)),
        },
      };
    case 'number': {
      const absent = column.values.findIndex(Number.isNaN);
      if (absent < 0) return { ...dataset, target: { name, rows: column.values } };
      throw new InputError(
        `${table.source}: column ${name}, row ${absent + 1}: expected a number to predict, found it missing; drop such rows with dropMissing`,
      );
    }
    case 'date':
      throw new InputError(
        `${table.source}: column ${name}: expected numbers, categories or truth values to predict, received dates`,
      );
  }
}
