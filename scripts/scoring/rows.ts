/** Rows of a file in the form that requests carry them. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { type ImageRows, imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { isSparse, type Matrix } from '../../shared/tensor.ts';
import { knownColumns } from '../../training/artifact/knownColumns.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import { readingOf } from '../../training/data/chosenColumns.ts';
import { asBytes } from '../../training/data/images.ts';
import { isArray, readDataset, readTable } from '../../training/data/read.ts';
import { images } from '../../training/data/sources/images.ts';
import type { RowLimits } from '../../training/data/sources/source.ts';
import { type Column, columnOf, isMissing, type Table, type WholeTable } from '../../training/data/table.ts';
import { everyWindow } from '../../training/data/windows.ts';
import { channelsFirst } from '../../training/importing/imageOrder.ts';

export type Cell = number | string | boolean | null;

export interface FileRows {
  readonly source: string;
  readonly rowCount: number;
  /** Decisions about how the file was read, for people. */
  readonly notes: readonly string[];
  /** Reads the rows, in order. @throws {InputError} naming the column, if a value is of another type than those before. */
  readonly pieces: () => AsyncIterable<FilePiece> | Iterable<FilePiece>;
}

/** Rows that follow each other, numbered from 0. */
export interface FilePiece {
  readonly rowCount: number;
  /** The values of a row in the order of the model's features. */
  readonly row: (index: number) => readonly Cell[];
  /** Values that are copied next to the answer of a row, by column. */
  readonly kept: (index: number) => Readonly<Record<string, Cell>>;
}

/** Some rows, of which the first has the number `start` in the file. */
export interface FileBatch {
  readonly start: number;
  readonly rows: readonly (readonly Cell[])[];
  readonly kept: readonly Readonly<Record<string, Cell>>[];
}

/** Rows of a table that are in memory at a time. */
const HELD = 8192;

/** Reads rows a batch of `size` at a time, or fewer. */
export async function* batchesOf({ pieces }: FileRows, size: number): AsyncGenerator<FileBatch> {
  let first = 0;
  for await (const { rowCount, row, kept } of pieces()) {
    for (let at = 0; at < rowCount; at += size) {
      const indices = Array.from({ length: Math.min(size, rowCount - at) }, (_, i) => at + i);
      yield { start: first + at, rows: indices.map(row), kept: indices.map(kept) };
    }
    first += rowCount;
  }
}

/**
 * Opens rows for a model: columns by name, as the types that they had in training, or arrays and images for a model
 * whose features have no names. Of a table, a part is in memory at a time, except where windows are made of it.
 * @param onRead Called as the file is looked at: the task, and its completed share in [0, 1].
 * @throws {InputError} if a column is missing, or the rows have another width.
 */
export async function fileRows(
  manifest: Manifest,
  location: string,
  keep: readonly string[],
  onRead?: RowLimits['onRead'],
): Promise<FileRows> {
  const { features, data } = manifest;
  if (features.names === null || isArray(location)) return arrayRows(manifest, location, keep);
  const types = features.columns?.flatMap(({ type }, i) =>
    type === 'boolean' ? [] : [[features.names![i]!, type] as const],
  );
  const choices: ColumnChoices = data.choices ?? {};
  const isWindowed = choices.length !== undefined;
  const read = await readTable(location, {
    ...readingOf(choices),
    ...(types && !isWindowed && { types: Object.fromEntries(types) }),
    ...(!isWindowed && { rows: { hold: HELD, seed: 0, onRead } }),
  });
  const known = isWindowed ? knownColumns(manifest) : undefined;
  const table = isWindowed ? everyWindow(read, { ...choices, ...(known && { known }) }) : read;
  const { names } = features;
  const { source, whole, rowCount } = table;
  const piece = pieceOf(names, keep);
  // What is wrong with the columns is wrong with all rows.
  const notes = names.flatMap((name) => notesOf(columnOf(table, name)));
  const only = piece(table);
  if (whole === undefined) return { source, rowCount, notes, pieces: () => [only] };
  return { source, rowCount: whole.rowCount, notes, pieces: () => piecesOf(whole, piece) };
}

async function* piecesOf(
  { pieces, close }: WholeTable,
  piece: (table: Table) => FilePiece,
): AsyncGenerator<FilePiece> {
  try {
    for await (const table of pieces()) yield piece(table);
  } finally {
    close();
  }
}

function pieceOf(names: readonly string[], keep: readonly string[]) {
  return (table: Table): FilePiece => {
    const copied = keptColumns(table, keep);
    const columns = names.map((name) => columnOf(table, name));
    return {
      rowCount: table.rowCount,
      row: (index) => columns.map((column) => cellOf(column, index)),
      kept: (index) => Object.fromEntries(copied.map((column) => [column.name, cellOf(column, index)])),
    };
  };
}

async function arrayRows(
  { name, features }: Manifest,
  location: string,
  keep: readonly string[],
): Promise<FileRows> {
  const image = imageRowsOf(features);
  // Grey images have three equal channels where the model takes colors, as in requests.
  const {
    source,
    rows,
    rowShape,
    notes = [],
  } = await readDataset(location, image?.channels === 3 ? { channels: 3 } : {});
  if (keep.length > 0)
    throw new InputError(`--keep ${keep.join(',')}: expected a table with columns, received arrays`);
  const { count } = features;
  if (isSparse(rows) || rows.width !== count)
    throw new InputError(
      `${source}: expected rows of ${count} values for ${name}, received rows of ${rows.width}`,
    );
  const pixels = image?.white === 255 && images.recognises(location) ? asBytes(rows) : rows;
  const { data, width, rowCount } = image ? ordered(pixels, rowShape, image) : pixels;
  const row = (index: number) =>
    Array.from(data.subarray(index * width, (index + 1) * width), (value) =>
      Number.isNaN(value) ? null : value,
    );
  const isMoved = data !== pixels.data;
  const moved = isMoved
    ? [`${location}: the images were transposed, since the model takes channels first`]
    : [];
  return {
    source,
    rowCount,
    notes: [...notes, ...moved],
    pieces: () => [{ rowCount, row, kept: () => ({}) }],
  };
}

/** Images of files have their channels last. */
function ordered(rows: Matrix, rowShape: readonly number[], image: ImageRows): Matrix {
  const { height, width, channels, isChannelsFirst } = image;
  const isLast = rowShape.join() === [height, width, channels].join();
  return isChannelsFirst && isLast ? channelsFirst(rows, [height, width, channels]) : rows;
}

/** `*` is every column. */
function keptColumns(table: Table, keep: readonly string[]): readonly Column[] {
  if (keep.join() === '*') return table.columns;
  const names = table.columns.map(({ name }) => name);
  return keep.map((name) => {
    if (names.includes(name)) return columnOf(table, name);
    throw new InputError(
      `--keep ${name}: expected a column of ${table.source}, which has ${names.join(', ')}${didYouMean(name, names)}`,
    );
  });
}

/** How the text of a column was read; SQL reads it in another way. */
function notesOf({ name, notes = [] }: Column): string[] {
  return notes.map(({ text }) => `column ${name}: ${text}; SQL in --data reads it otherwise`);
}

function cellOf(column: Column, row: number): Cell {
  if (isMissing(column, row)) return null;
  if (column.type === 'category') return column.categories[column.codes[row]!]!;
  const value = column.values[row]!;
  if (column.type === 'date') return new Date(value).toISOString();
  return column.type === 'boolean' ? value === 1 : value;
}
