/** The header of a CSV file: which columns hold the features. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { ProblemError } from '../problems.ts';
import type { RowLayout } from '../requests/rows/layout.ts';
import { invalid } from './files.ts';
import type { CsvColumns } from './packLines.ts';
import { csvValues, rowScan } from './rowScan.ts';

export interface CsvStart {
  /** Position of the first row. */
  readonly start: number;
  readonly columns: CsvColumns;
  /** Names of columns that are no features. */
  readonly ignoredColumns: readonly string[] | undefined;
}

/**
 * Reads the header at `from`. Files for models whose features have no names have none: their values are in the order of
 * the features.
 * @param bytes The first bytes of the file.
 * @throws {ProblemError} `missing-feature` for a feature that the model does not impute, `invalid-body` for a column
 * that is there twice, or no header.
 */
export function csvStart(
  bytes: Uint8Array,
  from: number,
  { positions, width, isOptional }: RowLayout,
): CsvStart {
  if (positions === undefined) {
    const of = Array.from({ length: width }, (_, column) => column);
    return { start: from, columns: { count: width, of }, ignoredColumns: undefined };
  }
  const end = headerEnd(bytes.subarray(from));
  const names = csvValues(new TextDecoder().decode(bytes.subarray(from, from + end)).trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`input: the column ${JSON.stringify(twice)} is there twice`);
  const of = [...positions.keys()].map((name) => {
    const column = names.indexOf(name);
    return column === -1 ? null : column;
  });
  for (const [name, position] of positions) {
    if (of[position] !== null || isOptional(position)) continue;
    const shown = names.slice(0, 50).map((each) => each.slice(0, 60));
    const detail = `input: the header has no column ${JSON.stringify(name)}, and the model does not impute it; found ${shown.join(', ')}${didYouMean(name, shown)}`;
    throw new ProblemError('missing-feature', { detail, feature: name });
  }
  const ignored = names.filter((name) => !positions.has(name));
  return {
    start: from + end,
    columns: { count: names.length, of },
    ignoredColumns: ignored.length > 0 ? ignored : undefined,
  };
}

function headerEnd(bytes: Uint8Array): number {
  let end: number | undefined;
  rowScan('csv').read(bytes, (each) => {
    end ??= each;
  });
  if (end !== undefined) return end;
  throw invalid(`input: expected a header and rows of CSV, found no end of a line in ${bytes.length} bytes`);
}
