/** Values as people write them, read alike from every source. */
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { readingOf } from '../../../training/data/chosenColumns.ts';
import { readTable } from '../../../training/data/read.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { contentOf, written } from '../../support/data/tables.ts';

const SOURCES: Readonly<Record<string, (values: readonly string[]) => string | Promise<string>>> = {
  CSV: (values) => written('a.csv', `v,w\n${values.map((value) => `"${value}",x\n`).join('')}`),
  JSON: (values) => written('a.json', JSON.stringify(values.map((v) => ({ v, w: 'x' })))),
  SQL: (values) => `SELECT v, 'x' AS w FROM (${asRows(values)}) AS t(v)`,
  Parquet: async (values) => {
    const path = join(temporaryFolder(), 'a.parquet');
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (SELECT v, 'x' AS w FROM (${asRows(values)}) AS t(v)) TO '${path}'`);
    connection.closeSync();
    return path;
  },
};

const asRows = (values: readonly string[]) =>
  `VALUES ${values.map((value) => `('${value.replaceAll("'", "''")}')`).join(', ')}`;

interface WrittenCase {
  readonly what: string;
  readonly values: readonly string[];
  readonly read: readonly unknown[];
  readonly note?: RegExp;
}

const CASES: readonly WrittenCase[] = [
  {
    what: 'categories in two spellings',
    values: ['van', 'Van', 'car', 'van'],
    read: ['category', 'van', 'Van', 'car', 'van'],
    note: /^'van' \(2 rows\) and 'Van' \(1 row\) are categories of their own, though they differ only in letter case/,
  },
  { what: 'categories', values: ['van', 'vans', 'car'], read: ['category', 'van', 'vans', 'car'] },
  { what: 'plain numbers', values: ['0.0', '1.5', '-3e2'], read: ['number', 0, 1.5, -300] },
  {
    what: 'decimal commas',
    values: ['20,84', '1.000,5', '-3'],
    read: ['number', 20.84, 1000.5, -3],
    note: /^numbers, since all 3 values have a decimal comma, such as 20,84$/,
  },
  {
    what: 'thousands',
    values: ['1,234', '12', '1,234,567.5'],
    read: ['number', 1234, 12, 1_234_567.5],
    note: /commas between thousands/,
  },
  {
    what: 'small decimal commas',
    values: ['0,123', '1,234', '0,5'],
    read: ['number', 0.123, 1.234, 0.5],
    note: /a decimal comma/,
  },
  {
    what: 'points between thousands',
    values: ['1.234', '12', '1.234.567'],
    read: ['number', 1234, 12, 1_234_567],
    note: /^numbers, since all 3 values have points between thousands, such as 1\.234$/,
  },
  {
    what: 'points between thousands before a decimal comma',
    values: ['1.234', '-1.500', '1.234,5'],
    read: ['number', 1234, -1500, 1234.5],
    note: /a decimal comma/,
  },
  {
    what: 'points that may be either',
    values: ['1.234', '12.500', '-999.125'],
    read: ['number', 1.234, 12.5, -999.125],
    note: /^(1\.234 is read as 1\.234, though it may be 1234|-999\.125 is read as -999\.125, though it may be -999125)$/,
  },
  {
    what: 'points that may be either, next to numbers without thousands',
    values: ['12', '1.234', '987'],
    read: ['number', 12, 1.234, 987],
    note: /^1\.234 is read as 1\.234, though it may be 1234$/,
  },
  {
    what: 'decimals, as a longer number without a point shows',
    values: ['1.234', '1234'],
    read: ['number', 1.234, 1234],
    note: /^$/,
  },
  {
    what: 'decimals, as a zero shows',
    values: ['1.234', '0.500'],
    read: ['number', 1.234, 0.5],
    note: /^$/,
  },
  {
    what: 'commas that may be either',
    values: ['1,234', '12,500'],
    read: ['number', 1234, 12_500],
    note: /commas between thousands, such as 1,234; 1,234 is read as 1234, though it may be 1\.234$/,
  },
  {
    what: 'spaces between thousands',
    values: ['1 234.5', '12', '1 000 000'],
    read: ['number', 1234.5, 12, 1e6],
    note: /spaces between thousands/,
  },
  {
    what: 'currency',
    values: ['$1,200.50', '-$5', '($7.25)'],
    read: ['number', 1200.5, -5, -7.25],
    note: /the currency \$/,
  },
  {
    what: 'currency after a decimal comma',
    values: ['1.200,50 €', '5 €', '0,25 €'],
    read: ['number', 1200.5, 5, 0.25],
    note: /a decimal comma and the currency €/,
  },
  {
    what: 'percent',
    values: ['0.07%', '5 %', '100%'],
    read: ['number', 0.07, 5, 100],
    note: /a percent sign/,
  },
  { what: 'a unit', values: ['5 kg', '6.5kg', '-7 kg'], read: ['number', 5, 6.5, -7], note: /the unit kg/ },
  { what: 'different units', values: ['5 kg', '6 lb', '7 kg'], read: ['category', '5 kg', '6 lb', '7 kg'] },
  {
    what: 'leading zeros',
    values: ['09657', '12345', '80331'],
    read: ['category', '09657', '12345', '80331'],
    note: /^text, since 09657 begins with a zero/,
  },
  { what: 'zeros before decimals', values: ['00.5', '01.5', '2'], read: ['number', 0.5, 1.5, 2] },
  {
    what: 'marks for missing values',
    values: ['NULL', 'None', '<NA>', '?', '-', '1.5', '2'],
    read: ['number', null, null, null, null, null, 1.5, 2],
    note: /'NULL'.* read as missing$/,
  },
  {
    what: 'AM and PM',
    values: ['01/02/2024 11:30 PM', '1/13/2024 09:00 am'],
    read: ['date', '2024-01-02', '2024-01-13'],
    note: /^times, since all values look like 01\/02\/2024 11:30 PM, with the month first$/,
  },
  {
    what: 'dates of Europe, with a time of 24 hours',
    values: ['03.02.2024 14:30', '3.2.2024 9:05:59', '04.02.2024'],
    read: ['date', '2024-02-03', '2024-02-03', '2024-02-04'],
    note: /^times, since all values look like .*, with the day first, which no value shows; write YYYY-MM-DD if it is not$/,
  },
  {
    what: 'dates whose values show that the month comes first',
    values: ['02/03/2024 14:30', '02/13/2024 00:10'],
    read: ['date', '2024-02-03', '2024-02-13'],
    note: /(with the month first|%m\/%d\/%Y)/,
  },
  {
    what: 'numbers that are no dates',
    values: ['30.02.2024 10:00', '01.02.2024 25:00'],
    read: ['category', '30.02.2024 10:00', '01.02.2024 25:00'],
  },
  {
    what: 'ISO dates of several forms',
    values: ['2024-01-01', '2024-01-02T10:00:00Z', '2024-01-03 00:30:00+02:00'],
    read: ['date', '2024-01-01', '2024-01-02', '2024-01-02'],
  },
];

describe.each(Object.entries(SOURCES))('%s', (_, location) => {
  it.each(CASES)('reads $what', async ({ values, read, note }) => {
    const table = await readTable(await location(values));
    expect(contentOf(table).v).toEqual(read);
    const notes = (table.columns[0]!.notes ?? []).map(({ text }) => text).join('; ');
    if (note !== undefined) expect(notes).toMatch(note);
  });
});

describe.each(Object.entries(SOURCES))('%s with a decimal mark that is given', (_, location) => {
  it.each<[',' | '.', string[], number[]]>([
    [',', ['1.234', '12.500'], [1234, 12_500]],
    [',', ['1,234', '12,500'], [1.234, 12.5]],
    [',', ['1.5', '2.25'], [1.5, 2.25]],
    ['.', ['1.234', '12.500'], [1.234, 12.5]],
    ['.', ['1,234', '12,500'], [1234, 12_500]],
    ['.', ['1,5', '2,25'], [1.5, 2.25]],
  ])('%s reads %j', async (decimal, values, read) => {
    const table = await readTable(await location(values), { decimal });
    expect(contentOf(table).v).toEqual(['number', ...read]);
    const kinds = table.columns[0]!.notes?.map(({ kind }) => kind) ?? [];
    expect(kinds.filter((kind) => kind !== 'notation')).toEqual([]);
  });
});

describe('a CSV file', () => {
  const cases: [what: string, file: string, text: string, content: object][] = [
    [
      'with decimal commas between semicolons',
      'a.csv',
      't;p\n20,00;1001,0\n20,84;1000,5\n20,91;999,6\n',
      { t: ['number', 20, 20.84, 20.91], p: ['number', 1001, 1000.5, 999.6] },
    ],
    [
      'with points between thousands, as decimal commas of another column show',
      'a.csv',
      'rpm;load\n1.380;55,7 %\n987;3 %\n1.614;61,25 %\n',
      { rpm: ['number', 1380, 987, 1614], load: ['number', 55.7, 3, 61.25] },
    ],
    [
      'with decimal points next to thousands with commas',
      'a.csv',
      'ratio;n\n1.380;"1,234"\n987;"12,500"\n',
      { ratio: ['number', 1.38, 987], n: ['number', 1.234, 12.5] },
    ],
    [
      'with three decimals everywhere',
      'a.csv',
      't;p\n1,234;a\n2,345;b\n',
      { t: ['number', 1.234, 2.345], p: ['category', 'a', 'b'] },
    ],
    [
      "with Excel's first line",
      'a.csv',
      'sep=;\nx;y\n0;1\n2;3\n',
      { x: ['number', 0, 2], y: ['number', 1, 3] },
    ],
    [
      'with spaces after commas',
      'a.csv',
      'a, b\n1, x y\n?, z\n3, ?\n',
      { a: ['number', 1, null, 3], b: ['category', 'x y', 'z', null] },
    ],
    [
      'with a leading zero after the rows of the sample',
      'a.csv',
      `zip,n\n${'12345,1\n'.repeat(21_000)}09657,2\n`,
      {
        zip: ['category', ...Array(21_000).fill('12345'), '09657'],
        n: ['number', ...Array(21_000).fill(1), 2],
      },
    ],
  ];
  it.each(cases)('%s', async (_, name, text, content) => {
    expect(contentOf(await readTable(written(name, text)))).toEqual(content);
  });

  it('takes points next to numbers without thousands as --decimal says', async () => {
    const path = written('a.csv', 'rpm,shift\n1.380,a\n987,b\n');
    const read = async (decimal?: ',' | '.') => {
      const table = await readTable(path, decimal ? { decimal } : {});
      return [contentOf(table).rpm, table.columns[0]!.notes?.map(({ kind }) => kind)];
    };
    expect(await read()).toEqual([['number', 1.38, 987], ['decimal point']]);
    expect(await read('.')).toEqual([['number', 1.38, 987], undefined]);
    expect(await read(',')).toEqual([['number', 1380, 987], ['notation']]);
  });

  it('reports marks among numbers', async () => {
    const { columns } = await readTable(written('a.csv', 'n,m\nNULL,1\n2,NA\n3,3\n'));
    expect(columns.map(({ notes }) => notes?.map(({ text }) => text))).toEqual([
      ["'NULL' read as missing"],
      ["'NA' read as missing"],
    ]);
  });

  it('reports marks among words, and which dates were guessed', async () => {
    const rows = 'NA,13/01/2024\nNC,02/03/2024\n"NA",01/12/2024\n';
    const path = written('a.csv', `country,day\n${rows}`);
    const table = await readTable(path);
    expect(contentOf(table).country).toEqual(['category', null, 'NC', null]);
    expect(table.columns.map(({ notes }) => notes?.map(({ text }) => text))).toEqual([
      ["'NA' read as missing"],
      ['dates, read as %d/%m/%Y'],
    ]);
    const { missing } = readingOf({ keep: ['NA'] });
    const kept = await readTable(path, { missing: missing! });
    expect(contentOf(kept).country).toEqual(['category', 'NA', 'NC', 'NA']);
  });

  it('keeps ids as written', async () => {
    const path = written('a.csv', 'user,item,n\n007,NA,1\n1,null,NULL\n2,-,3\n');
    expect(contentOf(await readTable(path, { ids: 2 }))).toEqual({
      user: ['category', '007', '1', '2'],
      item: ['category', 'NA', 'null', '-'],
      n: ['number', 1, null, 3],
    });
  });
});

describe('a file', () => {
  const content = { x: ['number', 0, 1.5], y: ['category', 'a', 'b'] };
  const json = '[{"x": "0", "y": "a"}, {"x": "1.5", "y": "b"}]';
  it.each<[string, string, string, object]>([
    ['JSON with a byte order mark', 'a.json', `\ufeff${json}`, content],
    [
      'lines of JSON with a byte order mark',
      'a.jsonl',
      '\ufeff{"x": 0, "y": "a"}\n{"x": 1.5, "y": "b"}',
      content,
    ],
    ['CSV with mixed line ends', 'a.csv', 'x,y\r\n0,a\n1.5,b\r\n', content],
    ['CSV called .txt', 'a.txt', 'x,y\n0,a\n1.5,b\n', content],
    ['white space and names', 'a.txt', 'x y\n0 2\n1.5  3\n', { x: ['number', 0, 1.5], y: ['number', 2, 3] }],
  ])('%s', async (_, name, text, expected) => {
    const path = written(name, text);
    const table = await readTable(path);
    expect(contentOf(table)).toEqual(expected);
    expect(table.source).toBe(path);
  });

  it.each(['csv', 'json'])('compressed as .%s.zst', async (format) => {
    const path = join(temporaryFolder(), `a.${format}.zst`);
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(
      `COPY (FROM (VALUES (0, 'a'), (1.5, 'b')) AS t(x, y)) TO '${path}' (FORMAT ${format}, COMPRESSION zstd)`,
    );
    connection.closeSync();
    expect(contentOf(await readTable(path))).toEqual(content);
  });

  it.each(['x,y\n0,a\n1.5,b\n', json])('that is a pipe', async (text) => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    createWriteStream(path).end(text);
    const table = await readTable(path);
    expect(contentOf(table)).toEqual(content);
    expect(table.source).toBe(path);
  });

  it.each([
    "-- the rows\nSELECT * FROM (VALUES (0, 'a'), (1.5, 'b')) AS t(x, y)",
    "/* the ; rows */ (FROM (VALUES (0, 'a'), (1.5, 'b')) AS t(x, y));",
  ])('as SQL after a comment: %s', async (sql) => {
    const table = await readTable(sql);
    expect(contentOf(table)).toEqual(content);
    expect(table.source).toMatch(/^\(?(SELECT|FROM)/);
  });

  it('as SQL is named by its last statement, in which strings stay', async () => {
    const { source } = await readTable("SET threads = 1; SELECT ' -- ;' AS a, 1 AS b FROM range(2) -- end");
    expect(source).toBe("SELECT ' -- ;' AS a, 1 AS b FROM range(2)");
  });
});
