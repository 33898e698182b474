/** The table of a recommender's items, read from a file: their titles, and columns to filter by. */
import { InputError } from '../../shared/errors.ts';
import type { ItemColumn, ItemTable } from '../../shared/itemTable.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import { textsOf } from './columnText.ts';
import type { Dataset } from './dataset.ts';
import { itemIdColumn, itemTitleColumn } from './interactionColumns.ts';
import { readTable } from './read.ts';
import { type Column, columnOf, isMissing, type Table } from './table.ts';

/**
 * A column with more different texts than this, and with another one for more than every second item, describes
 * items one by one: nobody filters by it, and manifests would hold every text.
 */
const MOST_TEXTS = 100;

/**
 * Reads the table at `location`, a path or SQL, and returns the data with it. Rows are matched with items by id:
 * the column `id`, or one that is named like items, or the first. Notes say which columns were taken, and how many
 * items have no row.
 * @throws {InputError} if the rows of the data have no items, if the table cannot be read, has an item twice, or has
 * none of the items.
 */
export async function readItems<R extends Rows>(data: Dataset<R>, location: string): Promise<Dataset<R>> {
  const ids = data.featureNames;
  if (!isSparse(data.rows) || ids === null) {
    throw new InputError(
      `${location}: expected a recipe whose rows are the items of users, such as recommend, received ${data.source}`,
    );
  }
  const taken = (names: readonly string[]) => {
    const id = itemIdColumn(names);
    return { id, title: itemTitleColumn(names.filter((name) => name !== id)) };
  };
  const table = await readTable(location, {
    ids: (names) => Object.values(taken(names)).filter((name) => name !== undefined),
  });
  const { id, title } = taken(table.columns.map(({ name }) => name));
  const rowOf = rowsById(table, textsOf(columnOf(table, id)), id);
  const rows = ids.map((each) => rowOf.get(each));
  const known = rows.filter((row) => row !== undefined).length;
  if (known === 0) {
    throw new InputError(
      `${table.source}: expected ids of items (${ids.slice(0, 3).join(', ')}, ...) in the column ${id}, found others (${[...rowOf.keys()].slice(0, 3).join(', ')}, ...); ${CHANGE}`,
    );
  }
  const others = table.columns.filter(({ name }) => name !== id && name !== title);
  const kept = others.filter((column) => !describesOneByOne(column, table.rowCount));
  const items: ItemTable = {
    source: table.source,
    ...(title !== undefined && { titles: titlesOf(textsOf(columnOf(table, title)), rows) }),
    columns: kept.map((column) => itemColumn(column, rows)),
  };
  const left = others.filter((column) => !kept.includes(column)).map(({ name }) => name);
  const notes = [
    `${table.source}: item = ${id}, title = ${title ?? 'none'}, filters = ${kept.map(({ name }) => name).join(', ') || 'none'}` +
      (left.length === 0 ? '' : `; left out, since nearly every row has another text: ${left.join(', ')}`),
    `${table.source}: ${ids.length - known} of ${ids.length} items have no row; ${rowOf.size - known} of ${rowOf.size} rows are of items without interactions, which cannot be recommended`,
    CHANGE,
  ];
  return { ...data, items, notes: [...(data.notes ?? []), ...notes] };
}

const CHANGE = `to change that, select columns with SQL: --items "SELECT sku AS id, name AS title, category FROM 'items.csv'"`;

/** @throws {InputError} if an item has two rows. */
function rowsById(
  { source }: Table,
  texts: readonly (string | undefined)[],
  id: string,
): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [row, text] of texts.entries()) {
    if (text === undefined) continue;
    const before = rows.get(text);
    if (before !== undefined) {
      throw new InputError(
        `${source}: expected one row per item, found ${text} of the column ${id} in rows ${before + 1} and ${row + 1}; ${CHANGE}`,
      );
    }
    rows.set(text, row);
  }
  return rows;
}

type RowNumbers = readonly (number | undefined)[];

function titlesOf(texts: readonly (string | undefined)[], rows: RowNumbers): (string | null)[] {
  return rows.map((row) => (row === undefined ? null : texts[row]?.trim() || null));
}

function describesOneByOne(column: Column, rowCount: number): boolean {
  return column.type === 'category' && column.categories.length > Math.max(MOST_TEXTS, rowCount / 2);
}

/** One value per item. */
function itemColumn(column: Column, rows: RowNumbers): ItemColumn {
  const { name } = column;
  if (column.type === 'number' || column.type === 'boolean') {
    const valueAt = (row: number) => (isMissing(column, row) ? null : column.values[row]!);
    return { name, type: column.type, values: rows.map((row) => (row === undefined ? null : valueAt(row))) };
  }
  const texts = textsOf(column);
  const own = rows.map((row) => (row === undefined ? undefined : texts[row] || undefined));
  const categories = [...new Set(own.filter((text) => text !== undefined))].sort();
  const positions = new Map(categories.map((text, position) => [text, position]));
  return {
    name,
    type: 'category',
    categories,
    values: own.map((text) => (text === undefined ? null : positions.get(text)!)),
  };
}
