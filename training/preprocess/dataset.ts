/** A table as rows to train on, with preprocessing that becomes part of the model. */
import { InputError } from '../../shared/errors.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import type { FittedColumn } from '../data/preprocessing.ts';
import { type ColumnRole, inferRoles, type ProposedTransform } from '../data/roles.ts';
import { columnOf, type Table } from '../data/table.ts';
import { tableTargets } from '../data/targets.ts';
import { encodeColumn, fitColumn, missingIn } from './columns.ts';
import { encodedNames, layoutsOf, rowWidth } from './layout.ts';
import type { TransformStep } from './steps.ts';

export interface TableOptions {
  /** How the rows are divided (`data/splits.ts`): transforms are fitted on the training rows alone. */
  readonly parts: Parts;
  /** `inferRoles(table)` by default. */
  readonly roles?: readonly ColumnRole[];
  /** By column, in place of the steps of its role's transform. */
  readonly steps?: Readonly<Record<string, readonly TransformStep[]>>;
}

/** The steps of the transforms that roles propose. Numbers that are missing become the median. */
const STEPS: Readonly<Record<ProposedTransform, readonly TransformStep[]>> = {
  standard: [{ transform: 'impute' }, { transform: 'standard' }],
  minmax: [{ transform: 'impute' }, { transform: 'minMax' }],
  log1p: [{ transform: 'impute' }, { transform: 'log1p' }, { transform: 'standard' }],
  'one-hot': [{ transform: 'oneHot' }],
};

/**
 * The features of a table as numbers; targets are the labels if they are categories or booleans, otherwise the target, and no model sees them.
 * The exported graphs take the columns as they are in the table and answer in their units.
 * @throws {InputError} when there is no feature, for steps that a column cannot go through, and for values that are too large
 * for float32, naming the column.
 */
export function tableDataset(
  table: Table,
  { parts, roles = inferRoles(table), steps = {} }: TableOptions,
): Dataset {
  const features = roles.filter(({ role }) => role === 'feature');
  if (features.length === 0) throw noFeature(table, roles);
  requireFeatures(table, features, Object.keys(steps));
  const given = new Map(Object.entries(steps)); // a column may be called `constructor`
  const columns = features.map(({ name, transform }) =>
    fitColumn(table, name, given.get(name) ?? STEPS[transform!], parts.train),
  );
  return { ...encodedDataset(table, columns), parts, ...tableTargets(table, roles), roles };
}

/**
 * A table as the rows that its columns, taken by name, become by what was fitted before; other columns are left out.
 * @throws {InputError} for a column that is not there or of another type, and for values that cannot be encoded, naming the
 * column.
 */
export function encodedDataset(table: Table, fitted: readonly FittedColumn[]): Dataset {
  const layouts = layoutsOf(fitted);
  const width = rowWidth(fitted);
  const data = new Float32Array(table.rowCount * width);
  const fill = (values: Float32Array, start: number) => {
    const own = values.length / table.rowCount;
    for (let i = 0; i < values.length; i++)
      data[Math.floor(i / own) * width + start + (i % own)] = values[i]!;
  };
  const columns = fitted.map(({ name }) => columnOf(table, name));
  fitted.forEach((each, i) => {
    const { start, width: own, indicator } = layouts[i]!;
    fill(encodeColumn(columns[i]!, each, table.source), start);
    if (indicator) fill(missingIn(columns[i]!), start + own);
  });
  return {
    source: table.source,
    rowShape: [width],
    featureNames: encodedNames(fitted),
    rows: { data, rowCount: table.rowCount, width },
    preprocessing: { columns: fitted, table: { ...table, columns } },
  };
}

function noFeature({ source }: Table, roles: readonly ColumnRole[]): InputError {
  const found = roles.map(({ name, role, reason }) => `${name} (${reason || role})`);
  return new InputError(`${source}: expected a column to learn from, found ${found.join(', ')}`);
}

function requireFeatures(table: Table, features: readonly ColumnRole[], named: readonly string[]): void {
  for (const name of named) {
    columnOf(table, name);
    if (features.some((each) => each.name === name)) continue;
    throw new InputError(
      `${table.source}: column ${name}: expected a feature to have steps, its role is another`,
    );
  }
}
