/** Data sets from tables, with preprocessing that becomes part of the model. */
import { InputError } from '../../shared/errors.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import type { FittedColumn } from '../data/preprocessing.ts';
import { type ColumnRole, inferRoles, type ProposedTransform } from '../data/roles.ts';
import { type CategoryColumn, type Column, columnOf, selectColumns, type Table } from '../data/table.ts';
import { tableTargets } from '../data/targets.ts';
import { atOnce, type Work } from '../data/turns.ts';
import { encodeColumn, fitColumn, missingIn, unseenIn } from './columns.ts';
import { encodedNames, layoutsOf, rowWidth } from './layout.ts';
import type { TransformStep } from './steps.ts';

export interface TableOptions {
  /** The split of the rows (`data/splits.ts`); transforms are fitted to the training rows only. */
  readonly parts: Parts;
  /** `inferRoles(table)` by default. */
  readonly roles?: readonly ColumnRole[];
  /** Steps by column name; they replace the steps of the transform in the column's role. */
  readonly steps?: Readonly<Record<string, readonly TransformStep[]>>;
}

/** The steps for each transform that roles propose. Missing numbers become the median. */
const STEPS: Readonly<Record<ProposedTransform, readonly TransformStep[]>> = {
  standard: [{ transform: 'impute' }, { transform: 'standard' }],
  minmax: [{ transform: 'impute' }, { transform: 'minMax' }],
  log1p: [{ transform: 'impute' }, { transform: 'log1p' }, { transform: 'standard' }],
  symlog: [{ transform: 'impute' }, { transform: 'symlog' }, { transform: 'standard' }],
  'one-hot': [{ transform: 'oneHot' }],
};

/**
 * Encodes the features of a table as numbers. A target column of categories or booleans becomes the labels,
 * one of numbers becomes the target; models never see either. The exported graphs take raw columns and answer
 * in their units.
 * @throws {InputError} if there is no feature or, naming the column, if its steps do not fit it or a value
 * exceeds float32's range.
 */
export function tableDataset(table: Table, options: TableOptions): Dataset {
  return atOnce(encoding(table, options));
}

/** The same in parts: of many rows, it takes seconds. */
export function* encoding(
  table: Table,
  { parts, roles = inferRoles(table), steps = {} }: TableOptions,
): Work<Dataset> {
  const features = roles.filter(({ role }) => role === 'feature');
  if (features.length === 0) throw noFeature(table, roles);
  requireFeatures(table, features, Object.keys(steps));
  const given = new Map(Object.entries(steps)); // a column may be called `constructor`
  const columns: FittedColumn[] = [];
  for (const { name, transform } of features) {
    columns.push(fitColumn(table, name, given.get(name) ?? STEPS[transform!], parts.train));
    yield columns.length / features.length / 2;
  }
  const observed = roles.filter(({ role, type }) => role !== 'ignored' || type === 'date');
  return {
    ...(yield* encodingBy(table, columns)),
    parts,
    ...tableTargets(table, roles),
    roles,
    observed: selectColumns(
      table,
      observed.map(({ name }) => name),
    ),
  };
}

/**
 * Encodes a table with columns that were fitted before, matched by name; other columns are left out.
 * @throws {InputError} naming the column, if it is absent, has another type or holds a value that cannot be
 * encoded.
 */
export function encodedDataset(table: Table, fitted: readonly FittedColumn[]): Dataset {
  return atOnce(encodingBy(table, fitted));
}

function* encodingBy(table: Table, fitted: readonly FittedColumn[]): Work<Dataset> {
  const layouts = layoutsOf(fitted);
  const width = rowWidth(fitted);
  const data = new Float32Array(table.rowCount * width);
  const fill = (values: Float32Array, start: number) => {
    const own = values.length / table.rowCount;
    for (let row = 0, i = 0; row < table.rowCount; row++)
      for (let at = row * width + start, end = at + own; at < end; at++) data[at] = values[i++]!;
  };
  const columns = fitted.map(({ name }) => columnOf(table, name));
  for (const [i, each] of fitted.entries()) {
    const { start, width: own, indicator } = layouts[i]!;
    fill(encodeColumn(columns[i]!, each, table.source), start);
    if (indicator) fill(missingIn(columns[i]!), start + own);
    yield (1 + (i + 1) / fitted.length) / 2;
  }
  return {
    source: table.source,
    rowShape: [width],
    featureNames: encodedNames(fitted),
    notes: fitted.flatMap((each, i) => unseenNote(columns[i]!, each)),
    rows: { data, rowCount: table.rowCount, width },
    preprocessing: { columns: fitted, table: { ...table, columns } },
  };
}

/** Unseen categories are encoded as if they were missing, which a result alone does not show. */
function unseenNote(column: Column, fitted: FittedColumn): string[] {
  const { count, example } = unseenIn(column, fitted);
  if (count === 0) return [];
  return [
    `column ${column.name}: ${count} of ${(column as CategoryColumn).codes.length} rows hold a category that no training row has, such as '${example}'`,
  ];
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
      `${table.source}: column ${name}: expected steps for features only, but its role is another`,
    );
  }
}
