import { InputError } from '../../../shared/errors.ts';
import { type ColumnBuilder, numberColumn } from '../columns.ts';
import { readMaybeGzipped } from '../gzip.ts';
import type { Table } from '../table.ts';
import { MISSING } from '../text.ts';
import type { TableSource } from './source.ts';

/** Columns of numbers separated by spaces or tabs, without a header, as in the UCR time series archive. */
export const whitespace: TableSource = {
  kind: 'table',
  summary: 'numbers separated by white space, without a header (.txt, also gzipped)',
  recognises: (location) => /\.txt(\.gz)?$/i.test(location),
  read: async (location, { missing = MISSING }): Promise<Table> => {
    const marks = new Set(missing);
    let columns: ColumnBuilder<number>[] = [];
    let rowCount = 0;
    for (const line of linesOf(await readMaybeGzipped(location))) {
      const values = line.trim().split(/\s+/);
      if (values[0] === '') continue;
      if (rowCount === 0) {
        columns = values.map((_, i) => numberColumn({ source: location, name: `column${i}` }));
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
            `${location}: column column${c}, row ${rowCount}: expected a number, received '${value}'`,
          );
        }
        columns[c]!.add(number);
      }
    }
    return { source: location, rowCount, columns: columns.map((column) => column.finish()) };
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
