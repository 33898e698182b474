/** Vectors, such as embeddings of texts, from an array or from a table. */
import { InputError } from '../../shared/errors.ts';
import type { Dataset } from './dataset.ts';
import { numericDataset } from './numeric.ts';
import { isArray, readDataset, readTable } from './read.ts';
import { inferRoles } from './roles.ts';
import { nameColumns, namesIn, namesNote } from './rowNames.ts';
import type { Table } from './table.ts';

/**
 * Reads vectors from an array or from a table, with their ids and texts if the table has columns of them.
 * @throws {InputError} if the location cannot be read, or for a table as `vectorsOf` does.
 */
export async function readVectors(location: string): Promise<Dataset> {
  if (isArray(location)) return readDataset(location);
  return vectorsOf(
    await readTable(location, { ids: (names) => Object.values(nameColumns(names)) as string[] }),
  );
}

/**
 * Returns the vectors of a table: its column of lists or, if there is none, all features that are numbers. A note
 * names the columns of ids and texts, and those that are left out.
 * @throws {InputError} if there are several columns of lists, or no numbers.
 */
function vectorsOf(table: Table): Dataset {
  const lists = [...new Set(table.columns.flatMap((column) => listOf(column) ?? []))];
  if (lists.length > 1) {
    throw new InputError(
      `${table.source}: expected one column of lists, found ${lists.join(', ')}; choose one with SQL: --data "SELECT ${lists[0]} FROM ..."`,
    );
  }
  const [list] = lists;
  const taken = nameColumns(table.columns.map(({ name }) => name));
  const named = new Set(Object.values(taken));
  const others = { ...table, columns: table.columns.filter(({ name }) => !named.has(name)) };
  const data = list === undefined ? numericDataset(others) : ofList(others, list);
  const used = new Set(data.featureNames);
  const left = others.columns.map(({ name }) => name).filter((name) => !used.has(name));
  const vector = list === undefined ? 'all columns of numbers' : `the lists in column ${list}`;
  const rest = left.length === 0 ? '' : `; left out: ${left.join(', ')}`;
  const note = `a vector is ${vector}, ${data.rows.width} values; ${namesNote(taken)}${rest}`;
  return { ...data, names: namesIn(table, taken), notes: [note] };
}

/** The positions of the lists, all of them: a constant one is a value of the vector, too. */
function ofList(table: Table, list: string): Dataset {
  const positions = { ...table, columns: table.columns.filter((column) => listOf(column) === list) };
  const roles = inferRoles(positions).map((each) => ({ ...each, role: 'feature' as const }));
  return numericDataset(positions, roles);
}

function listOf(column: Table['columns'][number]): string | undefined {
  return column.type === 'number' ? column.list : undefined;
}
