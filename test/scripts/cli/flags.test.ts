import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactFolder } from '../../../scripts/cli/artifacts.ts';
import { columnChoices, readingLines } from '../../../scripts/cli/columnFlags.ts';
import { prepareRecipe, prepareRun, type RecipeRun } from '../../../scripts/cli/preparedRun.ts';
import { parseSettings } from '../../../scripts/cli/settingFlags.ts';
import { withShortSql } from '../../../scripts/cli/shortened.ts';
import { readTable } from '../../../training/data/read.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { digits } from '../../../training/recipes/digits.ts';
import { windows } from '../../../training/recipes/windows.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';

const RUN: RecipeRun = { out: 'artifacts', engine: 'onnxruntime', seed: 1, set: [] };

describe('settings', () => {
  it.each([
    ['hidden=64,32', [64, 32]],
    ['hidden=[64, 32]', [64, 32]],
    ['hidden=64', [64]],
    ['hidden=wide', 'wide'],
    ['codeSize=8', 8],
    ['activation=elu', 'elu'],
  ])('%s', (pair, value) => {
    expect(Object.values(parseSettings('undercomplete', [pair]))).toEqual([value]);
  });
});

describe('a misspelt name has a suggestion', () => {
  it.each<[string, Partial<RecipeRun>, RegExp]>([
    ['digit', {}, /did you mean 'digits'\?/],
    ['digits', { engine: 'onxruntime' }, /did you mean 'onnxruntime'\?/],
    ['digits', { set: ['codesize=3'] }, /setting 'codesize' is unknown.*did you mean 'codeSize'\?/],
  ])('%s %j', async (name, run, message) => {
    await expect(prepareRecipe(name, { ...RUN, ...run })).rejects.toThrow(message);
  });

  it('of a model', async () => {
    const root = temporaryFolder();
    const version = join(root, 'orders', 'a'.repeat(12));
    mkdirSync(version, { recursive: true });
    expect(await artifactFolder('orders', root)).toBe(version);
    await expect(artifactFolder('order', root)).rejects.toThrow(
      /does not exist.* orders; did you mean 'orders'\?$/,
    );
    await expect(artifactFolder(join(root, 'ordres'), root)).rejects.toThrow(/did you mean '.*orders'\?$/);
  });
});

describe('choices about columns', () => {
  it('are taken from the options, for recipes of any table', () => {
    expect(columnChoices({ ...RUN, ignore: ['a'], label: 'b' } as RecipeRun, anomaly)).toEqual({
      ignore: ['a'],
      label: 'b',
    });
    for (const limit of ['limit', 'sample', 'hold'])
      expect(() => columnChoices({ [limit]: '9' }, windows)).toThrow(
        new RegExp(`--${limit}: expected a recipe that reads tables of any size`),
      );
    expect(() => columnChoices({ ignore: ['a'] }, digits)).toThrow(
      /^--ignore: expected a recipe that reads any table, .*received digits/,
    );
  });

  it('are refused by a recipe that does not pass them on', async () => {
    const own = {
      ...anomaly,
      name: 'own',
      data: () => digits.data(undefined, { shares: { validation: 0.1, test: 0.1 }, seed: 1 }),
    };
    await expect(prepareRun(own, { ...RUN, ignore: ['a'] })).rejects.toThrow(
      /^--ignore: expected a recipe that uses choices about columns, but own ignores them/,
    );
  });

  it('are printed with the flag that changes them', async () => {
    const table = await readTable(
      written(
        'a.csv',
        'zip,price €,n,km\n09657,"1,50",NULL,1.200\n12345,"2,50",2,1.300\n12346,"3,50",3,1.400\n',
      ),
    );
    expect(readingLines(inferRoles(table))).toEqual([
      expect.stringMatching(/^column zip: text, since 09657 begins with a zero/),
      "column price €: numbers, since all 3 values have a decimal comma, such as 1,50; --text 'price €' keeps it as text",
      "column n: 'NULL' read as missing; --missing adds another mark, --keep takes one for a value",
      'column km: numbers, since all 3 values have points between thousands, such as 1.200; --text km keeps it as text',
    ]);
    const points = await readTable(written('b.csv', 'km,y\n1.200,1\n1.300,2\n1.400,3\n'));
    expect(readingLines(inferRoles(points))).toEqual([
      'column km: 1.200 is read as 1.2, though it may be 1200; --decimal , reads it so',
    ]);
  });
});

it('long SQL is not repeated', () => {
  const sql = `SELECT ${Array.from({ length: 40 }, (_, i) => `c${i}`).join(',  ')} FROM 'a.csv'`;
  const message = `${sql.replaceAll(/\s+/g, ' ')}: column c1, row 2: expected a number`;
  const shorter = withShortSql(message, ['train', '--data', sql]);
  expect(shorter).toMatch(/^SELECT c0, c1.{20,60} \.\.\.: column c1, row 2: expected a number$/);
  expect(withShortSql('a.csv: no such file', ['train', '--data', 'a.csv'])).toBe('a.csv: no such file');
});
