import { InputError } from '../../../shared/errors.ts';
import { MISSING } from '../../../shared/missingMarks.ts';
import { type ColumnBuilder, numberColumn } from '../columns.ts';
import { readMaybeGzipped } from '../gzip.ts';
import type { Table } from '../table.ts';
import { csv } from './csv.ts';
import type { TableSource } from './source.ts';

/**
 * Columns of numbers separated by spaces or tabs, as in the UCR time series archive, with names in the first
 * line or without. Text with other delimiters is read as CSV.
 */
export const whitespace: TableSource = {
  kind: 'table',
  summary: 'text: numbers separated by white space, or CSV (.txt, also .gz)',
  recognises: (location) => /\.txt(\.gz)?$/i.test(location),
  read: async (location, options): Promise<Table> => {
    const { missing = MISSING } = options;
    const marks = new Set(missing);
    const isNumber = (value: string) => marks.has(value) || !Number.isNaN(Number(value));
    let columns: ColumnBuilder<number>[] | undefined;
    let names: readonly string[] = [];
    let rowCount = 0;
    for (const line of linesOf(await readMaybeGzipped(location))) {
      const values = line.trim().split(/\s+/);
      if (values[0] === '') continue;
      if (columns === undefined) {
        const isHeader = !values.every(isNumber);
        if (isHeader && /[,;|\t]/.test(line.trim())) return csv.read(location, options);
        names = values.map((name, i) => (isHeader ? name : `column${i}`));
        columns = names.map((name) => numberColumn({ source: location, name }));
        if (isHeader) continue;
      }
      rowCount++;
      if (values.length !== columns.length) {
        throw new InputError(
          `${location}: row ${rowCount}: expected ${columns.length} values, as in the first row, received ${values.length}`,
        );
      }
      for (const [c, value] of values.entries()) {
        const number = marks.has(value) ? null : Number(value);
        if (Number.isNaN(number)) {
          throw new InputError(
            `${location}: column ${names[c]}, row ${rowCount}: expected a number, received '${value}'`,
          );
        }
        columns[c]!.add(number);
      }
    }
    return { source: location, rowCount, columns: (columns ?? []).map((column) => column.finish()) };
  },
};

function* linesOf(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}
