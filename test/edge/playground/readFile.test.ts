import { expect, it } from 'vitest';
import type { TableColumn } from '../../../edge/playground/panels/table/columns.ts';
import { readText } from '../../../edge/playground/panels/table/readFile.ts';
import { MISSING } from '../../../shared/missingMarks.ts';

function column(name: string, type: TableColumn['type'], categories: string[] = []): TableColumn {
  return { name, type, categories, unit: undefined, optional: true, min: 0, max: 9, mean: 5 };
}

const COLUMNS = [
  column('amount', 'number'),
  column('paid', 'boolean'),
  column('country', 'category', ['NA', 'DE']),
];

const rowsOf = (...lines: string[]) =>
  readText('a.csv', ['amount,paid,country', ...lines].join('\n'), COLUMNS).rows;

it('reads what marks a missing value in training as missing, but not the name of a category', () => {
  const marks = MISSING.filter((mark) => mark !== '');
  const { rows, notes } = readText(
    'a.csv',
    ['amount,paid,country', ...marks.map((mark) => `${mark},${mark},DE`)].join('\n'),
    COLUMNS,
  );
  expect(rows).toEqual(marks.map(() => [null, null, 'DE']));
  expect(notes).toEqual([`Read as missing: ${marks.join(', ')}.`]);
  expect(rowsOf('1,yes,NA', '1,yes,N/A')).toEqual([
    [1, true, 'NA'],
    [1, true, null],
  ]);
});

it('reads values without the spaces around them, and leaves others to the API', () => {
  expect(rowsOf(' 1.5 , no , DE ', 'many,perhaps,FR')).toEqual([
    [1.5, false, 'DE'],
    ['many', 'perhaps', 'FR'],
  ]);
});
