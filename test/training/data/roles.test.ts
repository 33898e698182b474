import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { numericDataset } from '../../../training/data/numeric.ts';
import { readTable } from '../../../training/data/read.ts';
import { inferRoles, type RoleOverrides } from '../../../training/data/roles.ts';
import { roleTable } from '../../../training/data/roleTable.ts';
import { dropMissing, selectColumns } from '../../../training/data/table.ts';
import { valuesOf } from '../../support/data/tables.ts';

/** One column of each kind that is distinguished; 1,000 rows. */
const COLUMNS: readonly [name: string, sql: string, outcome: string][] = [
  ['bell', 'sin(i * 12.9898) * 3 + cos(i * 78.233)', 'feature standard'],
  ['share', 'abs(sin(i))', 'feature minmax'],
  ['stars', 'i * 7 % 5 + 1', 'feature minmax'],
  ['income', '1 / (0.01 + abs(sin(i)))', 'feature symlog'],
  // As skewed, but on both sides of 0.
  ['loss', '1 / (0.01 + abs(sin(i))) - 3', 'feature standard'],
  ['flag', 'i % 3 = 0', 'feature minmax'],
  ['colour', "CASE i % 3 WHEN 0 THEN 'red' WHEN 1 THEN 'green' END", 'feature one-hot'],
  ['humid', 'i * 37 % 101', 'feature standard'],
  ['day', "DATE '2020-01-01' + i::INTEGER", 'ignored a date'],
  ['row', '5 + i', 'ignored counts the rows'],
  ['user_id', 'i * 389 % 1000', 'ignored an identifier, by its name'],
  ['groupID', "'g' || i % 4", 'ignored an identifier, by its name'],
  // 20 digits, of which a number keeps 16.
  [
    'scholar',
    '9104209908849226329::HUGEINT + i::HUGEINT * 1000000000000000',
    'ignored an identifier, by its size',
  ],
  ['name', "'n' || i * 389 % 1000", 'ignored 1000 categories'],
  ['one', 'CASE WHEN i > 3 THEN 7 END', 'ignored constant'],
  // Milliseconds of a minute: float32 has one number for all of them.
  ['epoch_ms', '1700000000000 + i * i % 60000', 'ignored constant in float32'],
  ['nothing', 'NULL', 'ignored all missing'],
];
const SQL = `SELECT ${COLUMNS.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM range(1000) AS r(i)`;
const table = await readTable(SQL);

function outcomes(overrides?: RoleOverrides): Record<string, string> {
  const roles = inferRoles(table, overrides);
  return Object.fromEntries(
    roles.map(({ name, role, transform, reason }) => [name, `${role} ${transform ?? reason}`]),
  );
}

describe('inferRoles', () => {
  it.each(COLUMNS)('%s as %s: %s', (name, _, outcome) => expect(outcomes()[name]).toBe(outcome));

  it('can be overridden for each column', () => {
    const overridden = outcomes({
      share: { role: 'target' },
      bell: { role: 'ignored' },
      user_id: { role: 'feature' },
      income: { transform: 'minmax' },
      row: { transform: 'standard' },
    });
    expect(overridden).toEqual({
      ...outcomes(),
      share: 'target minmax',
      bell: 'ignored as asked',
      user_id: 'feature standard',
      income: 'feature minmax',
      row: 'feature standard',
    });
  });

  it.each<[string, RoleOverrides, RegExp]>([
    [
      'a column that is not there',
      { colours: { role: 'target' } },
      /expected a column colours, found bell, /,
    ],
    [
      'a date as a feature',
      { day: { role: 'feature' } },
      /column day: .* received a date; .*"SELECT \* EXCLUDE \(day\), date_diff\('day', CAST\(day AS DATE\), DATE '2022-09-26'\) AS day FROM \.\.\."$/,
    ],
    [
      'numbers one-hot',
      { bell: { transform: 'one-hot' } },
      /\(standard, minmax, log1p, symlog\), received one-hot$/,
    ],
    [
      'the logarithm of -1',
      { loss: { transform: 'log1p' } },
      /column loss: expected values above -1 for log1p/,
    ],
    ['a feature without values', { nothing: { role: 'feature' } }, /column nothing: .* found all missing$/],
  ])('refuses %s', (_, overrides, message) => {
    expect(() => inferRoles(table, overrides)).toThrow(InputError);
    expect(() => inferRoles(table, overrides)).toThrow(message);
  });

  it('infers from the remaining rows only', () => {
    const first = dropMissing(table, ['one']);
    expect(first.rowCount).toBe(996);
    const few = dropMissing(selectColumns(first, ['colour', 'name']));
    expect(inferRoles(few).map(({ reason }) => reason)).toEqual(['', '664 categories']);
  });
});

it('roleTable prints a line per column', () => {
  const lines = roleTable(inferRoles(selectColumns(table, ['stars', 'flag', 'colour', 'day', 'nothing'])));
  const cells = lines.split('\n').filter((line) => line.startsWith('│'));
  expect(
    cells.map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  ).toEqual([
    ['column', 'type', 'missing', 'values', 'role', 'transform'],
    ['stars', 'number', '0.0%', '1 .. 5', 'feature', 'minmax'],
    ['flag', 'boolean', '0.0%', '33% true', 'feature', 'minmax'],
    ['colour', 'category', '33.3%', 'red 50%, green 50%', 'feature', 'one-hot'],
    ['day', 'date', '0.0%', '2020-01-01 .. 2022-09-26', 'ignored', 'a date'],
    ['nothing', 'number', '100.0%', '', 'ignored', 'all missing'],
  ]);
});

describe('numericDataset', () => {
  it('has the features that are numbers or booleans, in the order of the table', () => {
    const dataset = numericDataset(table, inferRoles(table, { stars: { role: 'target' } }));
    expect(dataset.featureNames).toEqual(['bell', 'share', 'income', 'loss', 'flag', 'humid']);
    expect([dataset.rows.rowCount, dataset.rows.width, ...dataset.rowShape]).toEqual([1000, 6, 6]);
    expect(dataset.source).toBe(table.source);
    for (const [c, name] of dataset.featureNames!.entries()) {
      const values = valuesOf(table.columns.find((column) => column.name === name)!);
      const column = Array.from({ length: 1000 }, (_, r) => dataset.rows.data[r * 6 + c]!);
      expect(column).toEqual(values.map((value) => Math.fround(Number(value))));
    }
  });
});

it('dropMissing needs a complete row', () => {
  expect(() => dropMissing(table)).toThrow('expected a row without a missing value in bell, ');
});
