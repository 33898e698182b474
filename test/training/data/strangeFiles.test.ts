/** Files of other tools' bug reports, and what is right about them. */
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../training/data/read.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { contentOf, written } from '../../support/data/tables.ts';

const READ: readonly [what: string, text: string, content: object][] = [
  [
    'delimiters at the end of every row but not of the header',
    'A,B,C\n1,4,7,\n2,5,8,\n3,6,9,\n',
    { A: ['number', 1, 2, 3], B: ['number', 4, 5, 6], C: ['number', 7, 8, 9] },
  ],
  [
    'a first field that is empty after a line that ends with a quote',
    'a,b,c\n,e,f\n,"h","i"\n,"k","l"\n',
    {
      a: ['category', null, null, null],
      b: ['category', 'e', 'h', 'k'],
      c: ['category', 'f', 'i', 'l'],
    },
  ],
  [
    'line ends within quotes',
    'n,title\n1.5,"this is fine"\n2,"this is \nnot fine!"\n4,plain\n',
    { n: ['number', 1.5, 2, 4], title: ['category', 'this is fine', 'this is \nnot fine!', 'plain'] },
  ],
  [
    'semicolons within quotes next to decimal commas',
    'Country;Location;Count\nChina;"35.86166;104.19397";97100,7\nIndia;"1.5;2.5";1,25\n',
    {
      Country: ['category', 'China', 'India'],
      Location: ['category', '35.86166;104.19397', '1.5;2.5'],
      Count: ['number', 97100.7, 1.25],
    },
  ],
  [
    'a number among dates',
    'name,day\nbob,2024/12/12\ntom,2024/12/13\n1,1\n',
    { name: ['category', 'bob', 'tom', '1'], day: ['category', '2024/12/12', '2024/12/13', '1'] },
  ],
  [
    'numbers of more than 20 digits',
    'a\n111111111111111111111.5\n1.5\n2.5\n',
    { a: ['number', 1.1111111111111111e20, 1.5, 2.5] },
  ],
];

it.each(READ)('reads %s', async (_, text, content) => {
  expect(contentOf(await readTable(written('a.csv', text)))).toEqual(content);
});

it.each([
  [
    'names that renaming would make equal to others',
    '0,-0.1,0,0.1\n10,123,456,789\n2,0,3,6\n',
    /two named 0/,
  ],
  [
    'a line before the header',
    'As of 2025-01-06\nid;owner;flag\n1;a b;x\n2;c;y\n3;d;z\n',
    /found line 1 to differ from line 2; .*SELECT \* FROM read_csv\('.*a\.csv', skip = 1\)$/,
  ],
  ['a header with a name too many', 'season,name,extra\n2001,a\n2002,b\n', /Line: 2; .*Columns: 3 Found: 2/],
])('refuses %s', async (_, text, message) => {
  await expect(readTable(written('a.csv', text))).rejects.toThrow(message);
});

it('reads days and months alike, whichever comes first', async () => {
  const days = ['13/01/2024', '02/03/2024', '01/12/2024'];
  const expected = ['2024-01-13', '2024-03-02', '2024-12-01'];
  for (const order of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    const lines = order.map((i) => `${days[i]},${i}`).join('\n');
    const { day } = contentOf(await readTable(written('a.csv', `day,n\n${lines}\n`)));
    expect(day).toEqual(['date', ...order.map((i) => expected[i])]);
  }
});

describe('numbers that float32 cannot tell apart', () => {
  it.each([
    ['constants with a rounding error', '14.62', '14.62', 'constant'],
    ['integers with gaps', '1234567890123456789', '1234567890123456788', 'constant'],
    [
      'identifiers with decimals',
      '6144039378640938.000000',
      '6144039378640936.000000',
      'constant in float32',
    ],
    ['identifiers of 20 digits', '11898508762506083287', '9104209908849226329', 'an identifier, by its size'],
  ])('%s are no feature', async (_, one, other, reason) => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i % 2 ? one : other},${i % 7}`);
    const table = await readTable(written('a.csv', `a,b\n${lines.join('\n')}\n,3\n`));
    expect(inferRoles(table).map((role) => role.reason)).toEqual([reason, '']);
  });

  it('small numbers are one', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${Math.sin(i) * 1e-13},${Math.cos(i) * 1e-30}`);
    const table = await readTable(written('a.csv', `a,b\n${lines.join('\n')}\n`));
    expect(inferRoles(table).map(({ transform }) => transform)).toEqual(['standard', 'standard']);
  });
});
