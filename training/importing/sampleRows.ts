/** Rows that an imported model is examined on: given ones, or drawn. */
import { InputError } from '../../shared/errors.ts';
import { normals } from '../../shared/normal.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Labels, Target } from '../data/dataset.ts';
import { numericDataset } from '../data/numeric.ts';
import type { FittedColumn, Preprocessing } from '../data/preprocessing.ts';
import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { SOURCES } from '../data/sources/registry.ts';
import { type CategoryColumn, type Column, columnOf, selectColumns, type Table } from '../data/table.ts';
import { tableTargets } from '../data/targets.ts';
import { arrayRows } from './arrayRows.ts';
import { isInteger } from './elementTypes.ts';
import type { White } from './imageOrder.ts';
import { type InputLayout, textColumns } from './inputLayout.ts';

export interface SampleRows {
  /** Origin of the rows; undefined if they were drawn. */
  readonly source: string | undefined;
  readonly rows: Matrix | Preprocessing;
  /** One name per value of a row; null if there are none. */
  readonly names: readonly string[] | null;
  /** Columns of the file that are no features. */
  readonly ignored: readonly string[];
  /** Decisions about the rows, for people. */
  readonly notes: readonly string[];
  readonly labels?: Labels;
  readonly target?: Target;
}

export interface SampleOptions {
  /** Path, glob or SQL; undefined to draw rows. */
  readonly location: string | undefined;
  /** Names of the features, if they were stated. */
  readonly names: readonly string[] | undefined;
  /** Column with the known answer of each row, if there is one. */
  readonly targetColumn: string | undefined;
  /** The value of a white pixel, if it was stated. */
  readonly white: White | undefined;
}

/** Rows drawn if none are given, and the most values that they have together. */
const DRAWN = { rows: 64, values: 2 ** 20 } as const;
const SEED = 1;

/**
 * Reads the rows, or draws them from the standard normal distribution (integers: 0 and 1; text: 'a' and 'b').
 * @throws {InputError} if they do not fit the inputs of the model, with the columns that were found.
 */
export async function sampleRows(layout: InputLayout, options: SampleOptions): Promise<SampleRows> {
  const { location } = options;
  const stated = options.names ?? inputNames(layout);
  if (stated !== undefined) assertNames(stated, layout.width);
  if (location === undefined) return drawn(layout, stated);
  const array = Object.values(SOURCES).find(({ recognises }) => recognises(location))?.kind === 'array';
  if (!array) return fromTable(layout, await tableAt(location, layout, stated), stated, options.targetColumn);
  const { featureNames, ...read } = await arrayRows(location, layout, options.white);
  return { ...read, names: stated ?? featureNames, ignored: [] };
}

/** Names of the inputs, for a model that takes one value each. */
function inputNames({ varying: parts }: InputLayout): string[] | undefined {
  const isTable = parts.length > 1 && parts.every(({ width }) => width === 1);
  return isTable ? parts.map(({ input }) => input.name) : undefined;
}

const LONGEST_NAME = 200;

function assertNames(names: readonly string[], width: number): void {
  if (names.length !== width) {
    throw new InputError(
      `expected ${width} names of features, one per value of a row, received ${names.length}: ${names.slice(0, 20).join(', ')}; --feature-names gives others`,
    );
  }
  const long = names.find((name) => name.length > LONGEST_NAME || name.trim() === '');
  if (long !== undefined) {
    throw new InputError(
      `expected names of features of 1 to ${LONGEST_NAME} characters, received one of ${long.length}; --feature-names gives others`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError(
      `expected distinct names of features, received '${twice}' twice; --feature-names gives others`,
    );
}

async function tableAt(
  location: string,
  layout: InputLayout,
  names: readonly string[] | undefined,
): Promise<Table> {
  if (!layout.hasText) return readTable(location);
  const types = textColumns(layout).map(
    ({ isText }, i) => [names?.[i] ?? '', isText ? 'category' : 'number'] as const,
  );
  return readTable(location, { types: Object.fromEntries(types) });
}

function fromTable(
  layout: InputLayout,
  table: Table,
  stated: readonly string[] | undefined,
  targetColumn: string | undefined,
): SampleRows {
  if (targetColumn !== undefined) columnOf(table, targetColumn);
  const others = table.columns.map(({ name }) => name).filter((name) => name !== targetColumn);
  const names = stated?.every((name) => others.includes(name)) ? stated : others;
  if (names.length !== layout.width) {
    throw new InputError(
      `${table.source}: expected ${layout.width} columns, as the model takes${stated ? ` (${stated.slice(0, 10).join(', ')})` : ''}, found ${names.length}: ${names.slice(0, 40).join(', ')}; name the one with the known answer with --target-column, or those that the model takes with --feature-names`,
    );
  }
  const ignored = table.columns.map(({ name }) => name).filter((name) => !names.includes(name));
  const roles = inferRoles(table, {
    ...Object.fromEntries(names.map((name) => [name, { role: 'feature' as const }])),
    ...Object.fromEntries(ignored.map((name) => [name, { role: 'ignored' as const }])),
    ...(targetColumn !== undefined && { [targetColumn]: { role: 'target' as const } }),
  });
  const shared = {
    source: table.source,
    names: stated ?? names,
    ignored,
    notes: [],
    ...tableTargets(table, roles),
  };
  const own = { ...selectColumns(table, names), columns: names.map((name) => columnOf(table, name)) };
  if (layout.hasText) {
    return { ...shared, rows: { columns: fittedNone(layout, names), table: own } };
  }
  const { rows } = numericDataset(
    own,
    names.map((name) => roles.find((role) => role.name === name)!),
  );
  if (rows.width !== layout.width) {
    const texts = own.columns
      .filter(({ type }) => type !== 'number' && type !== 'boolean')
      .map(({ name }) => name);
    throw new InputError(
      `${table.source}: expected columns of numbers, as the model takes, found others: ${texts.join(', ')}`,
    );
  }
  return { ...shared, rows };
}

/** Columns as the graph takes them: whatever it does to them is within the graph. */
function fittedNone(layout: InputLayout, names: readonly string[]): FittedColumn[] {
  return textColumns(layout).map(({ isText }, i) => ({
    name: names[i]!,
    type: isText ? 'category' : 'number',
    steps: [],
  }));
}

function drawn(layout: InputLayout, stated: readonly string[] | undefined): SampleRows {
  const { width, varying, hasText } = layout;
  const rowCount = Math.max(2, Math.min(DRAWN.rows, Math.floor(DRAWN.values / width)));
  const data = normals(SEED, 'import', rowCount * width);
  for (const { input, start, width: own } of varying) {
    if (!isInteger(input.type)) continue;
    for (let row = 0; row < rowCount; row++) {
      for (let i = row * width + start; i < row * width + start + own; i++) data[i] = data[i]! > 0 ? 1 : 0;
    }
  }
  const matrix: Matrix = { data, rowCount, width };
  const absent = { source: undefined, ignored: [], notes: [] };
  if (!hasText) return { ...absent, rows: matrix, names: stated ?? null };
  const names = stated ?? textColumns(layout).map(({ name }) => name);
  const columns = textColumns(layout).map(({ isText }, c) => drawnColumn(matrix, c, names[c]!, isText));
  return {
    ...absent,
    names,
    rows: { columns: fittedNone(layout, names), table: { source: 'drawn', rowCount, columns } },
  };
}

function drawnColumn(
  { data, rowCount, width }: Matrix,
  column: number,
  name: string,
  isText: boolean,
): Column {
  const values = Float32Array.from({ length: rowCount }, (_, row) => data[row * width + column]!);
  if (!isText) return { name, type: 'number', values };
  const codes = Int32Array.from(values, (value) => (value > 0 ? 1 : 0));
  return { name, type: 'category', codes, categories: ['a', 'b'] } satisfies CategoryColumn;
}
