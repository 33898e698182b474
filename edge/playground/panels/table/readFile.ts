/** Reading the reader's file as rows of a model. */
import { dsvFormat } from 'd3-dsv';
import type { JsonCell } from '../../../../shared/api.ts';
import { cellOf, type TableColumn } from './columns.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

export interface ReadFile {
  readonly name: string;
  /** Names of the file's columns, and its rows as text in their order. */
  readonly header: readonly string[];
  readonly cells: readonly (readonly string[])[];
  /** The rows as the model takes them, in the order of its columns. */
  readonly rows: readonly (readonly JsonCell[])[];
  /** What was decided about the file, for the reader. */
  readonly notes: readonly string[];
}

/**
 * Reads a file of delimited text with a header.
 * @throws {Error} if it has no column of the model, or lacks one that every row must have.
 */
export function readText(name: string, text: string, columns: readonly TableColumn[]): ReadFile {
  const [firstLine = ''] = text.split('\n', 1);
  const delimiter = DELIMITERS.toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0]!;
  const [header = [], ...cells] = dsvFormat(delimiter).parseRows(text.replace(/^\uFEFF/, ''));
  const places = columns.map((column) => header.findIndex((each) => each.trim() === column.name));
  const missing = columns.filter((_, i) => places[i] === -1);
  const names = (some: readonly { readonly name: string }[]) => some.map((each) => each.name).join(', ');
  if (missing.length === columns.length)
    throw new Error(
      `${name}: expected a header with the columns ${names(columns)}; found ${header.join(', ') || 'none'}.`,
    );
  const needed = missing.filter(({ optional }) => !optional);
  if (needed.length > 0)
    throw new Error(`${name}: every row needs the columns ${names(needed)}, which the header lacks.`);
  // A line without any cell, as at the end of many files.
  const filled = cells.filter((line) => line.some((cell) => cell.trim() !== ''));
  const known = new Set(columns.map((column) => column.name));
  const ignored = header.filter((each) => !known.has(each.trim()));
  const rows = filled.map((line) =>
    columns.map((column, i) => (places[i] === -1 ? null : cellOf(line[places[i]!], column))),
  );
  const marks = [...new Set(filled.flatMap((line, at) => marksOf(line, rows[at]!, places)))];
  const notes = [
    ...(delimiter === ','
      ? []
      : [`Columns are separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}.`]),
    ...(ignored.length > 0 ? [`Not used by the model: ${ignored.join(', ')}.`] : []),
    ...(missing.length > 0 ? [`Missing in every row: ${names(missing)}.`] : []),
    ...(marks.length > 0 ? [`Read as missing: ${marks.join(', ')}.`] : []),
    ...(filled.length < cells.length ? [`${cells.length - filled.length} empty lines were left out.`] : []),
  ];
  return { name, header, cells: filled, rows, notes };
}

/** The texts of a line that were read as missing values, but for empty ones. */
const marksOf = (line: readonly string[], row: readonly JsonCell[], places: readonly number[]) =>
  row.flatMap((value, i) => {
    const text = value === null ? (line[places[i]!]?.trim() ?? '') : '';
    return text === '' ? [] : [text];
  });
