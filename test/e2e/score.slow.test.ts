/** `npm run score`: a file of rows in, a file of answers out. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readTable } from '../../training/data/read.ts';
import { columnOf } from '../../training/data/table.ts';
import { expectedCodes, expectedFeatureErrors } from '../support/artifacts/linearArtifact.ts';
import { writtenArtifact } from '../support/artifacts/writtenArtifact.ts';
import { runScript, start } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const ROWS = 3000;
const folder = keptFolder();
const rows = exampleRows(ROWS, NAMES.length);
const at = (name: string) => join(folder, name);
const scores = expectedFeatureErrors(rows).map((errors) =>
  errors.reduce((sum, e) => sum + e / NAMES.length, 0),
);

beforeAll(async () => {
  await writtenArtifact(join(folder, 'artifacts'), { name: 'linear' });
  // As a spreadsheet writes it where numbers have a decimal comma; the columns are in another order.
  const header = ['order', ...NAMES.toReversed()];
  const german = rows.map((row, i) => [
    `n${i}`,
    ...row.toReversed().map((value) => `${value}`.replace('.', ',')),
  ]);
  german[5]![1] = '';
  writeFileSync(at('rows.csv'), [header, ...german].map((line) => line.join(';')).join('\n'));
});

const scored = (...flags: string[]) => runScript('score', ['artifacts/linear', ...flags], folder);

it('writes a table with the kept columns, and says which rows have no answer', async () => {
  const { code, stdout, stderr } = await scored(
    '--data',
    'rows.csv',
    '--out',
    'scores.csv',
    '--keep',
    'order',
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('operation: score; --operation names another: encode');
  expect(stdout).toMatch(/column a: .*comma.*; SQL in --data reads it otherwise/);
  expect(stdout).toMatch(
    /without an answer +│ 1, see the column problem; the first: row 5: feature "f" is missing/,
  );
  expect(stdout).toMatch(/format +│ CSV with a header, separated by commas/);
  expect(stdout).toMatch(/^columns of scores\.csv: row, order, error, score, .* and \d+ others$/m);
  const table = await readTable(at('scores.csv'));
  expect(table.rowCount).toBe(ROWS);
  const column = (name: string) => columnOf(table, name) as { readonly values: Float64Array };
  for (const [row, score] of column('score').values.entries())
    if (row !== 5) expect(score).toBeCloseTo(scores[row]!, 4);
  expect(column('score').values[5]).toBeNaN();
  const text = readFileSync(at('scores.csv'), 'utf8').split('\n');
  const first = 'row,order,error,score,percentile,pValue,isAnomaly,confidence';
  const blamed = (place: number) =>
    ['feature', 'value', 'expected', 'error', 'share']
      .map((member) => `contributions_${place}_${member}`)
      .join();
  expect(text[0]).toBe([first, blamed(0), blamed(1), blamed(2), 'problem'].join());
  expect(text[1]).toMatch(/^0,n0,.*,(true|false),,[a-f],-?[\d.]+,-?[\d.]+,[\d.]+,0\.\d+,[a-f],/);
});

it('answers with another operation, as Parquet with lists, and CSV with a column for each number', async () => {
  const encode = ['--data', 'rows.csv', '--operation', 'encode', '--json'];
  const { code, stdout } = await scored(...encode, '--out', 'codes.csv');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'codes.csv',
    operation: 'encode',
    rows: ROWS,
    unanswered: 1,
  });
  const table = await readTable(at('codes.csv'));
  const codes = expectedCodes(rows);
  for (const [i, name] of ['code_0', 'code_1'].entries()) {
    const { values } = columnOf(table, name) as { readonly values: Float64Array };
    for (const row of [0, 1, ROWS - 1]) expect(values[row]).toBeCloseTo(codes[row]![i]!, 4);
  }
  expect((await scored(...encode, '--out', 'new/codes.parquet')).code).toBe(0);
  const lists = await readTable(
    `SELECT row, code[2] AS second FROM '${at('new/codes.parquet')}' ORDER BY row`,
  );
  const { values } = columnOf(lists, 'second') as { readonly values: Float64Array };
  expect(values[ROWS - 1]).toBeCloseTo(codes[ROWS - 1]![1]!, 4);
});

it('says what is wrong with its flags, and writes nothing', async () => {
  const data = ['--data', 'rows.csv'];
  for (const [flags, message] of [
    [
      [...data, '--out', 'x.xlsx'],
      /--out x\.xlsx: expected a file that ends in \.ndjson, \.jsonl, \.csv, \.parquet/,
    ],
    [[...data, '--out', 'x.csv', '--operation', 'scor'], /answers rows with encode.*did you mean 'score'/],
    [[...data, '--out', 'x.csv', '--query', 'tops=1'], /--query: .*tops/],
    [
      [...data, '--out', 'x.csv', '--keep', 'ordr'],
      /--keep ordr: expected a column of rows\.csv.*did you mean 'order'/,
    ],
    [[...data, '--out', 'rows.csv/x.csv'], /expected a folder to write to/],
    [['--data', 'none.csv', '--out', 'x.csv'], /none\.csv: no such file/],
  ] as const) {
    const { code, stderr } = await scored(...flags);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('x.'))).toEqual([]);
});

it('leaves nothing half-written when it is stopped', async () => {
  writeFileSync(
    at('many.csv'),
    [NAMES, ...Array.from({ length: 100 }, () => rows).flat()].map(String).join('\n'),
  );
  const flags = ['artifacts/linear', '--data', 'many.csv', '--out', 'many.ndjson', '--operation', 'score'];
  const running = start('score', flags, folder);
  const partial = () => readdirSync(folder).some((name) => name.startsWith('many.ndjson.'));
  while (!partial()) await new Promise((resolve) => setTimeout(resolve, 5));
  running.process.kill('SIGINT');
  const { code, stderr } = await running.finished;
  expect([code, stderr]).toEqual([130, 'interrupted: many.ndjson was not written\n']);
  expect([partial(), existsSync(at('many.ndjson'))]).toEqual([false, false]);
});
