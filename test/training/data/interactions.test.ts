import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interactionsOf } from '../../../training/data/interactionTable.ts';
import { readTable } from '../../../training/data/read.ts';
import { recommend } from '../../../training/recipes/recommend.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const DIVISION = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };

async function tableOf(csv: string) {
  const path = join(temporaryFolder(), 'orders.csv');
  writeFileSync(path, csv);
  return readTable(path);
}

describe('interactions of a table', () => {
  it('are those with a sufficient value, each once, of users with enough of them', async () => {
    const table = await tableOf(
      'who,what,stars,time\nann,x,5,1\nann,y,4,2\nann,y,5,3\nann,z,3,4\nbob,x,5,5\nbob,z,2,6\neve,z,4,7\neve,x,4.5,8\n',
    );
    const { rows, featureNames } = interactionsOf(table, { least: 4, minItems: 2 });
    expect(featureNames).toEqual(['x', 'y', 'z']);
    expect(Array.from(rows.rowStarts)).toEqual([0, 2, 4]);
    expect(Array.from(rows.columns)).toEqual([0, 1, 0, 2]);
  });

  it('are all rows if there is no value, by ids of any kind', async () => {
    const table = await tableOf('user,item\n7,007\n7,a-1\n8,a-1\n');
    const { rows, featureNames } = interactionsOf(table, { least: 4, minItems: 1 });
    expect(rows.rowCount).toBe(2);
    expect(featureNames).toEqual(['007', 'a-1']);
  });

  it('are those for which a boolean column is true', async () => {
    const table = await tableOf('user,item,liked\n1,a,true\n1,b,false\n2,b,true\n');
    const { rows, featureNames } = interactionsOf(table, { least: 4, minItems: 1 });
    expect([featureNames, Array.from(rows.columns)]).toEqual([
      ['a', 'b'],
      [0, 1],
    ]);
  });

  it('are those of counts above 0, of columns in any order', async () => {
    const table = await tableOf(
      'count,created_at,product_id,customer\n1,5,x,ann\n3,6,y,ann\n0,7,z,ann\n11,8,x,bob\n',
    );
    const { rows, featureNames, notes } = interactionsOf(table, { least: 4, minItems: 2 });
    expect([featureNames, rows.rowCount]).toEqual([['x', 'y'], 1]);
    expect(notes![0]).toBe(
      'users are in the column customer, items in product_id; rows count where count, a count, is above 0; left out: 1 of 2 users, for having fewer than 2 items',
    );
  });

  it('are those of at least 8 of 10', async () => {
    const table = await tableOf('user,item,rating\n1,a,8\n1,b,7.5\n1,c,10\n');
    expect(interactionsOf(table, { least: 4, minItems: 1 }).featureNames).toEqual(['a', 'c']);
  });

  it('may have ids that look like marks for missing values', async () => {
    const path = join(temporaryFolder(), 'orders.csv');
    const items = ['NA', 'null', '-', 'None', '7'];
    writeFileSync(path, ['count,item,user', ...items.map((item) => `2,${item},NULL`)].join('\n'));
    expect((await recommend.data(path, DIVISION)).featureNames).toEqual(items);
  });

  it.each([
    ['zeros before them', ['007', '07', '7', '0.70', '0.7']],
    ['more digits than a number holds', ['0', '1', '2', '3', '4'].map((digit) => `900719925474099${digit}`)],
    ['the look of dates', ['2020-01-05', '2020-01-06', '2020-01-07', '2020-01-08', '2020-01-09']],
  ])('of the recipe movies have ids as they are written, with %s', async (_, ids) => {
    const path = join(temporaryFolder(), 'orders.csv');
    const users = ['01', '1', '9007199254740993'];
    const lines = users.flatMap((user) => ids.map((item) => `${user},${item},5`));
    writeFileSync(path, ['user,item,stars', ...lines].join('\n'));
    const { rows, featureNames } = await recommend.data(path, DIVISION);
    expect([rows.rowCount, featureNames]).toEqual([users.length, ids]);
  });

  it.each([
    ['one column', 'user\n1\n2\n', 'expected the columns user, item and perhaps value, found user'],
    ['no id', 'user,item\n1,a\n,b\n', 'column user, row 2: expected an id, found it missing'],
    [
      'nothing that counts',
      'user,item,stars\n1,a,1\n2,b,1\n',
      /stars, a rating of up to 5, is at least 4; if that is wrong, select columns and rows with SQL/,
    ],
  ])('are refused with %s', async (_, csv, message) => {
    const table = await tableOf(csv);
    expect(() => interactionsOf(table, { least: 4, minItems: 1 })).toThrow(message);
  });
});
