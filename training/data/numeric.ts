/** Data sets from the numbers of a table, neither scaled nor imputed. */
import { InputError } from '../../shared/errors.ts';
import { cellPlace } from './columns.ts';
import type { Dataset } from './dataset.ts';
import { type ColumnRole, inferRoles } from './roles.ts';
import { type BooleanColumn, columnOf, type NumberColumn, type Table } from './table.ts';

/**
 * Returns the features that are numbers or booleans (0 and 1), in the table's order; categories and targets
 * are left out.
 * @throws {InputError} if there are none or, naming column and row, if a value is missing or exceeds
 * float32's range.
 */
export function numericDataset(table: Table, roles: readonly ColumnRole[] = inferRoles(table)): Dataset {
  const features = roles
    .filter(({ role }) => role === 'feature')
    .map(({ name }) => columnOf(table, name))
    .filter((column) => column.type === 'number' || column.type === 'boolean');
  if (features.length === 0) throw noNumbers(table, roles);
  const width = features.length;
  const data = new Float32Array(table.rowCount * width);
  for (const [c, column] of features.entries()) {
    for (let r = 0; r < table.rowCount; r++) {
      const i = r * width + c;
      data[i] = column.values[r]!;
      // Checked after the store, where a float64 beyond float32's range becomes infinite.
      if (!Number.isFinite(data[i])) throw notANumber(table, column, r);
    }
  }
  return {
    source: table.source,
    rowShape: [width],
    featureNames: features.map(({ name }) => name),
    rows: { data, rowCount: table.rowCount, width },
  };
}

function noNumbers({ source }: Table, roles: readonly ColumnRole[]): InputError {
  const found = roles.map(({ name, type, role, reason }) => `${name} (${reason || `${type}, ${role}`})`);
  return new InputError(
    `${source}: expected a feature that is a number or a boolean, found ${found.join(', ')}`,
  );
}

function notANumber(table: Table, column: NumberColumn | BooleanColumn, row: number): InputError {
  const value = column.values[row]!;
  const place = cellPlace({ source: table.source, name: column.name }, row);
  return Number.isNaN(value)
    ? new InputError(
        `${place}: expected a number, found it missing; drop such rows with dropMissing, or ignore the column`,
      )
    : new InputError(`${place}: expected a finite float32 number, received ${value}`);
}
