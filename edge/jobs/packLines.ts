/** Lines of a file as the inputs of a graph: each line is one row of a request. */
import * as z from 'zod';
import { RowError, type Tensors } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { parseBody } from '../requests/parseBody.ts';
import type { RefuseRow } from '../requests/rows/faults.ts';
import { packJsonRows } from '../requests/rows/json.ts';
import type { RowLayout } from '../requests/rows/layout.ts';
import { packNumericLines } from '../requests/rows/numericJson.ts';
import { rowProblem } from '../requests/rows/rowProblem.ts';
import { csvValues } from './rowScan.ts';

type Line = Uint8Array<ArrayBuffer>;

/** Packs lines of JSON: arrays of values, or objects by feature name. `refuse` hears of those that are wrong. */
export function packJsonLines(lines: readonly Line[], layout: RowLayout, refuse: RefuseRow): Tensors {
  const numeric = packNumericLines(lines, layout);
  if (numeric !== undefined) return numeric;
  const rows = lines.map((line, i) => {
    try {
      return parseBody(z.unknown(), line);
    } catch (error) {
      refuse(i, malformed(error, i));
      return null;
    }
  });
  return packJsonRows(rows, layout, refuse);
}

function malformed(error: unknown, row: number): ProblemError {
  if (!(error instanceof ProblemError)) throw error;
  const detail = `row ${row}: ${error.detail.replace('The body', 'the line')}`;
  return new ProblemError(error.slug, { detail, row }, { cause: error.cause });
}

/** Columns of a CSV file, by the position of the value of each feature in a line. */
export interface CsvColumns {
  /** The number of values of a line. */
  readonly count: number;
  /** The column of each feature, in the order of the features; null where the file has none. */
  readonly of: readonly (number | null)[];
}

/** Decimal numbers, as spreadsheets and databases write them. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Packs lines of CSV. An empty value is a missing one. `refuse` hears of lines that are wrong. */
export function packCsvLines(
  lines: readonly Line[],
  layout: RowLayout,
  columns: CsvColumns,
  refuse: RefuseRow,
): Tensors {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isText = Array.from({ length: layout.width }, (_, c) => layout.columns[c]?.dtype === 'string');
  const rows = lines.map((line, row) => {
    const refused = (expected: string, received: string) => {
      refuse(row, rowProblem(layout, new RowError(row, undefined, expected, received)));
      return null;
    };
    const text = decoded(decoder, line);
    if (text === undefined) return refused('a line of UTF-8', 'other bytes');
    const values = csvValues(text);
    if (values.length !== columns.count) return refused(`${columns.count} values`, `${values.length}`);
    return columns.of.map((column, c) => {
      const text = column === null ? '' : values[column]!;
      if (text === '') return null;
      return isText[c] || !NUMBER.test(text) ? text : Number(text);
    });
  });
  return packJsonRows(rows, layout, refuse);
}

/** Returns a line without blank lines before it and without its end; undefined if it is not UTF-8. */
function decoded(decoder: TextDecoder, line: Line): string | undefined {
  try {
    return decoder.decode(line).replace(/^\s*\n|\r?\n$/g, '');
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
