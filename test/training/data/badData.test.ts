import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { readDataset, readTable } from '../../../training/data/read.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';
import { NPZ, npyOf } from '../../support/training/numpy.ts';

interface BadCase {
  readonly what: string;
  /** Returns the location, after writing the file. */
  readonly location: () => string;
  /** The message after the location. */
  readonly says: RegExp;
}

const csv = (text: string) => () => written('bad.csv', text);
const ROWS = 'x,y\n1,2\n3,4\n5,6\n';
const folder = (name: string, content: string | Uint8Array) => () => {
  const path = join(temporaryFolder(), 'photos');
  mkdirSync(path);
  writeFileSync(join(path, name), content);
  return path;
};

const CASES: readonly BadCase[] = [
  { what: 'a missing file', location: () => '/nowhere/a.csv', says: /: no such file$/ },
  { what: 'a missing text file', location: () => '/nowhere/a.txt', says: /: cannot be read$/ },
  {
    what: 'a file within a file',
    location: () => join(written('a.csv', ROWS), 'b.csv'),
    says: /: no such file$/,
  },
  { what: 'a missing folder', location: () => '/nowhere/photos', says: /: no such file or folder$/ },
  {
    what: 'a file of an unknown kind',
    location: () => written('a.xlsx', 'x'),
    says: /: expected one of: SQL .*; CSV .*; folders and globs of PNG and JPEG images$/,
  },
  {
    what: 'a glob without a match',
    location: () => join(temporaryFolder(), '*.csv'),
    says: /: expected files that match, found none$/,
  },
  { what: 'an empty file', location: csv(''), says: /: expected two rows or more, found 0$/ },
  {
    what: 'a page to log in',
    location: csv('\n<!DOCTYPE html>\n<html><body>Log in</body></html>\n'),
    says: /: expected a table, found an HTML page,/,
  },
  { what: 'only a header', location: csv('x,y\n'), says: /: expected two rows or more, found 0$/ },
  { what: 'one row', location: csv('x,y\n1,2\n'), says: /: expected two rows or more, found 1$/ },
  {
    what: 'no numeric column',
    location: csv('name,city\nann,rome\nbob,oslo\n'),
    says: /: expected a feature that is a number or a boolean, found name \(category, feature\), city/,
  },
  {
    what: 'only a column without values',
    location: csv('x,y\nNA,a\nNA,b\n'),
    says: /found x \(all missing\), y \(category, feature\)$/,
  },
  {
    what: 'a missing value',
    location: csv('x,y\n1,2\n2,\n4,5\n'),
    says: /: column y, row 2: expected a number, found it missing; drop such rows with dropMissing/,
  },
  {
    what: 'a word among numbers',
    location: csv('x,y\n1,2\n3,n\\a\n5,6\n'),
    says: /: column y, row 2: expected a number, as in 2 of 3 rows, received 'n\\a'; .*--missing 'n\\a'.*--text 'y'.*`types`\)$/,
  },
  {
    what: 'a word beyond the rows that are looked at',
    location: csv(`x\n${Array.from({ length: 21_000 }, (_, i) => i).join('\n')}\nunknown\n`),
    says: /: column x, row 21001: expected a number, as in 21000 of 21001 rows, received 'unknown'/,
  },
  {
    what: 'infinity',
    location: csv('x,y\n1,2\n3,4\n5,-inf\n'),
    says: /: column y, row 3: expected a finite number, received -Infinity/,
  },
  {
    what: 'what float32 cannot hold',
    location: csv('x\n1e39\n2\n'),
    says: /: column x, row 1: expected a finite float32 number, received 1e\+39$/,
  },
  {
    what: 'two columns of one name',
    location: csv('x,y,x\n1,2,3\n3,4,5\n'),
    says: /: expected columns with different names .*, found two named x; rename one$/,
  },
  {
    what: 'names that SQL does not tell apart',
    location: csv('x,X\n1,2\n3,4\n'),
    says: /, found x and X; rename one$/,
  },
  {
    what: 'two columns of one name, in SQL',
    location: () => 'SELECT i AS x, i + 1 AS x FROM range(3) AS r(i)',
    says: /found two named x/,
  },
  {
    what: 'a row that is too short',
    location: csv('x,y\n1,2\n3\n5,6\n'),
    says: /: .*Line: 3; Expected Number of Columns: 2 Found: 1$/,
  },
  {
    what: 'a row that is too long',
    location: csv('x,y\n1,2\n3,4,7\n5,6\n'),
    says: /: .*Line: 3; Expected Number of Columns: 2 Found: 3; a value that holds the separator, such as 1,5 .* must be quoted/,
  },
  {
    what: 'a quote that nothing ends, of which the row is not told',
    location: csv(`x,y,z\n${'1,"a, b",2\n'.repeat(9)}3,4,"Jane Doe\nJohn Doe,5,6\n${'1,c,2\n'.repeat(9)}`),
    says: /: Invalid Input Error: CSV Error on Line: 11; column 3: expected a quote that ends the value, [^\n]* twice$/,
  },
  {
    what: 'a row that is too long in a file with mixed line ends, which is read from a copy',
    location: () => written('mixed.csv', Buffer.from('x,y\r\n1,2\n3,Jane,7\r\n5,6\n')),
    says: /\/mixed\.csv: .*Line: 3; Expected Number of Columns: 2 Found: 3/,
  },
  {
    what: 'a last row that is too long',
    location: csv('x,y\n1,2\n3,4\n5,6,7\n'),
    says: /, found lines 1 to 3 to differ from line 4; /,
  },
  {
    what: 'a header that is too short',
    location: csv('x,y\n1,2,3\n3,4,5\n'),
    says: /: expected as many values in every line, found line 1 to differ from line 2; .*skip = 1\)$/,
  },
  {
    what: 'text that is not UTF-8',
    location: () => written('bad.csv', Buffer.from('x,y\n1,\xe9t\xe9\n2,b\n', 'latin1')),
    says: /not utf-8 encoded/,
  },
  {
    what: 'files with other columns',
    location: () => {
      const place = temporaryFolder();
      writeFileSync(join(place, 'a.csv'), ROWS);
      writeFileSync(join(place, 'b.csv'), 'x,z\n1,2\n');
      return join(place, '*.csv');
    },
    says: /b\.csv: expected the columns of .*a\.csv \(x, y\), found x, z$/,
  },
  {
    what: 'gzip that ends early',
    location: () => written('bad.csv.gz', gzipSync(ROWS).subarray(0, -6)),
    says: /: expected an undamaged gzip file$/,
  },
  {
    what: 'gzip with a wrong byte',
    location: () => {
      const bytes = gzipSync(ROWS.repeat(100), { level: 0 });
      bytes[bytes.length - 20] = 57;
      return written('bad.csv.gz', bytes);
    },
    says: /: expected an undamaged gzip file$/,
  },
  {
    what: 'what is not gzip',
    location: () => written('bad.csv.gz', ROWS),
    says: /: expected an undamaged gzip file$/,
  },
  {
    what: 'what is not Parquet',
    location: () => written('bad.parquet', 'PAR1 and so on'),
    says: /: Invalid Input Error: No magic bytes found at end of file/,
  },
  {
    what: 'JSON that ends early',
    location: () => written('bad.json', '{"x": 1}\n{"x": '),
    says: /: .*Malformed JSON/,
  },
  {
    what: 'lists of different lengths',
    location: () => written('bad.json', '[{"v": [1.5, 2]}, {"v": [1.5]}]'),
    says: /: column v, row 2: expected a list of 2 numbers as in the first row, received one of 1$/,
  },
  {
    what: 'a list that is missing',
    location: () => written('bad.json', '[{"v": [1.5, 2]}, {"v": null}]'),
    says: /: column v, row 2: expected a list of numbers, received a missing one$/,
  },
  {
    what: 'a list with a missing number',
    location: () => written('bad.json', '[{"v": [1.5, 2]}, {"v": [1.5, null]}]'),
    says: /: column v, row 2: expected a list of finite numbers, received one with null$/,
  },
  {
    what: 'JSON with structure',
    location: () => written('bad.json', '{"x": {"y": 1}}\n{"x": {"y": 2}}\n'),
    says: /: column x: expected numbers, lists of numbers, booleans, dates or text, received STRUCT.*; split it with SQL/,
  },
  { what: 'SQL that is none', location: () => 'SELECT FROM WHERE', says: /: Parser Error: syntax error/ },
  {
    what: 'SQL over a table that is not there',
    location: () => 'SELECT * FROM nowhere',
    says: /^SELECT \* FROM nowhere: Catalog Error: Table with name nowhere does not exist!/,
  },
  {
    what: 'SQL that fails after many rows',
    location: () => "SELECT CASE WHEN i = 60000 THEN error('no more') ELSE i END FROM range(99999) AS r(i)",
    says: /: Invalid Input Error: no more$/,
  },
  {
    what: 'white space with a shorter row',
    location: () => written('bad.txt', '1 2 3\n4 5\n'),
    says: /: row 2: expected 3 values, as in the first row, received 2$/,
  },
  {
    what: 'white space with a word',
    location: () => written('bad.txt', '1 2\n3 x\n'),
    says: /: column column1, row 2: expected a number, received 'x'$/,
  },
  {
    what: 'IDX of labels',
    location: () => written('a-idx1-ubyte', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 2)),
    says: /: expected an array of 2 dimensions or more, received \[2\]; is it a file of labels\?$/,
  },
  { what: 'what is not NumPy', location: () => written('a.npy', 'x'), says: /: expected a \.npy file/ },
  {
    what: 'NumPy text',
    location: () => written('a.npy', npyOf('<U3', '(1,)', new Uint8Array(12))),
    says: /: expected an array of b1, .*, f8, received <U3; convert it/,
  },
  {
    what: 'NumPy that ends early',
    location: () => written('a.npy', npyOf('<f8', '(3, 2)', new Uint8Array(40))),
    says: /: expected 48 bytes for <f8 of shape \[3,2\], received 40$/,
  },
  {
    what: 'NumPy with a value that is no number',
    location: () => written('a.npy', npyOf('<f4', '(2, 1)', Float32Array.of(1, Number.NaN))),
    says: /: row 1, column 0: expected a finite float32 number, received NaN$/,
  },
  {
    what: 'NumPy with a float16 that is no number',
    location: () => written('a.npy', npyOf('<f2', '(2, 1)', Uint16Array.of(0x3c00, 0x7c00))),
    says: /: row 1, column 0: expected a finite float32 number, received NaN$/,
  },
  {
    what: 'an archive that is none',
    location: () => written('a.npz', 'x'),
    says: /: expected an undamaged zip file$/,
  },
  {
    what: 'a folder without images',
    location: folder('notes.txt', 'x'),
    says: /: expected images .*, found none$/,
  },
  {
    what: 'an image that is none',
    location: folder('a.png', 'x'),
    says: /photos\/a\.png: expected an undamaged PNG or JPEG image$/,
  },
];

describe('bad data is refused in one line that names the file', () => {
  it.each(CASES)('$what', async ({ location, says }) => {
    const place = location();
    const error = await readDataset(place).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
    // For a glob, the message names the file.
    expect(message).toContain(place.split('*.csv')[0]!.split('#')[0]!.slice(0, 40));
  });

  it('asks for the name of one of several arrays', async () => {
    const path = written('a.npz', NPZ);
    const asking = `expected the name of an array, as in ${path}#x; found x, y`;
    await expect(readDataset(path)).rejects.toThrow(asking);
    await expect(readDataset(`${path}#z`)).rejects.toThrow(asking);
  });

  it('an archive with a wrong byte', async () => {
    const bytes = Buffer.from(NPZ);
    // Behind the array's header, which can be read; only the checksum covers the values.
    bytes[125]! ^= 255;
    await expect(readDataset(`${written('a.npz', bytes)}#x`)).rejects.toThrow(
      'expected an undamaged zip file',
    );
  });

  it('refuses to read a table from an array', async () => {
    const path = written('a.npy', npyOf('<f8', '(1, 1)', new Uint8Array(8)));
    await expect(readTable(path)).rejects.toThrow(
      `${path}: expected a table with named columns, found NumPy arrays (.npy); tables are SQL (SELECT ...); CSV`,
    );
  });

  it('refuses to read a table from a folder, and says how its files are named', async () => {
    const path = temporaryFolder();
    await expect(readTable(path)).rejects.toThrow(
      `${path}: expected a table with named columns, found a folder: name the files in it, for instance ${path}/*.csv`,
    );
  });

  it('declared types that do not fit', async () => {
    const path = written('a.csv', 'x,y\n1,a\n2,3\n');
    await expect(readTable(path, { types: { z: 'number' } })).rejects.toThrow(
      `${path}: expected a column z, found x, y`,
    );
    await expect(readTable(path, { types: { y: 'number' } })).rejects.toThrow(
      `${path}: column y, row 1: expected a number, received 'a'`,
    );
  });

  it('SQL statements before the last one stay out of names and messages', async () => {
    const secret = "SET VARIABLE password = 'hunter2'; SELECT 1 AS x FROM range(3)";
    expect((await readTable(secret)).source).toBe('SELECT 1 AS x FROM range(3)');
    const error = await readTable(secret.replace('range', 'nothing')).catch((reason: Error) => reason);
    expect(String(error)).not.toContain('hunter2');
  });
});
