/** What people and other systems know rows by: ids and texts. No model sees them. */
import { InputError } from '../../shared/errors.ts';
import type { Rows } from '../../shared/tensor.ts';
import { textsOf } from './columnText.ts';
import type { Dataset, Parts, RowNames } from './dataset.ts';
import { readMaybeGzipped } from './gzip.ts';
import { readTable } from './read.ts';
import { columnOf, type Table } from './table.ts';

const ID = [/^_?id$/i, /^(?:uuid|guid|key)$/i, /[_ -]id$|[a-z]I[dD]$/];
/** The first of these that is there: what was embedded, before what describes it. */
const TEXT = [
  /^(?:texts?|contents?|chunk|passage|sentence|body|document)$/i,
  /[_ -](?:text|content)$/i,
  /^(?:description|abstract|summary|gloss|question|query|prompt)$/i,
  /^(?:title|name|label|word)$/i,
];

/** A column of vectors, whatever else its name says. */
const VECTOR = /embed|vector/i;

/** Names of columns. */
type NameColumns = { readonly [kind in 'id' | 'text']?: string };

/** Returns which columns hold ids and texts, by their names. */
export function nameColumns(names: readonly string[]): NameColumns {
  const first = (patterns: readonly RegExp[], among: readonly string[]) =>
    patterns.flatMap((pattern) => among.find((name) => pattern.test(name) && !VECTOR.test(name)) ?? []).at(0);
  const id = first(ID, names);
  const text = first(
    TEXT,
    names.filter((name) => name !== id),
  );
  return { ...(id !== undefined && { id }), ...(text !== undefined && { text }) };
}

/** `id = sku, text = none` */
export function namesNote({ id = 'none', text = 'none' }: NameColumns): string {
  return `id = ${id}, text = ${text}`;
}

export function namesIn(table: Table, { id, text }: NameColumns): RowNames {
  const own = (name: string) => textsOf(columnOf(table, name)).map((each) => each ?? '');
  return { ...(id !== undefined && { ids: own(id) }), ...(text !== undefined && { texts: own(text) }) };
}

/**
 * Reads ids and texts of the rows from `location`, in the order of the rows, and returns the data with them: lines of
 * a text file (`.txt`, also gzipped), or a table with columns of them. A note names what was taken.
 * @throws {InputError} if the location cannot be read, has neither, or another number of rows.
 */
export async function readRowNames<D extends Dataset<Rows>>(data: D, location: string): Promise<D> {
  const { names, taken } = /\.txt(?:\.gz)?$/i.test(location)
    ? { names: { texts: await linesOf(location) }, taken: 'text = each line' }
    : await ofTable(location);
  const found = (names.texts ?? names.ids)!.length;
  const expected = data.rows.rowCount;
  if (found !== expected) {
    throw new InputError(
      `${location}: expected ${expected} rows, one for each row of ${data.source} and in the same order, found ${found}`,
    );
  }
  return { ...data, names, notes: [...(data.notes ?? []), `${location}: ${taken}`] };
}

async function ofTable(location: string) {
  const table = await readTable(location, { ids: (all) => Object.values(nameColumns(all)) as string[] });
  const all = table.columns.map(({ name }) => name);
  const taken = nameColumns(all);
  if (taken.id === undefined && taken.text === undefined) {
    throw new InputError(
      `${location}: expected a column id or text, found ${all.join(', ')}; rename one with SQL: --texts "SELECT ${all[0]} AS text FROM '...'"`,
    );
  }
  return { names: namesIn(table, taken), taken: namesNote(taken) };
}

async function linesOf(location: string): Promise<string[]> {
  const text = (await readMaybeGzipped(location)).toString('utf8');
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** Texts of the rows of two parts, by their place in the part. */
export interface PartTexts {
  readonly train: (row: number) => string;
  readonly test: (row: number) => string;
}

/** Returns the texts, or else the ids, of the rows in the parts; undefined if there are none. */
export function partTexts(
  { names, test }: Pick<Dataset<Rows>, 'names' | 'test'>,
  parts: Pick<Parts, 'train' | 'test'>,
): PartTexts | undefined {
  const texts = names?.texts ?? names?.ids;
  if (texts === undefined || test !== undefined) return undefined;
  return { train: (row) => texts[parts.train[row]!]!, test: (row) => texts[parts.test[row]!]! };
}
