/** Tables of items: what is found in them, and what is refused. */
import { expect, it } from 'vitest';
import { fromInteractions } from '../../../training/data/interactions.ts';
import { readItems } from '../../../training/data/itemTable.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { written } from '../../support/data/tables.ts';

const data = fromInteractions(['a1', '007', 'b2', 'c3'].map((item, user) => ({ user: user % 2, item })));

it('is matched by id, whatever the order, and keeps the columns with their types', async () => {
  const csv = [
    'category,in_stock,price,product_title,released,sku',
    'shoes,true,19.5,"Boot, brown",2024-03-01,b2',
    'hats,false,,300,,007',
    'shoes,true,7,,2024-05-09,a1',
    'hats,true,8,Nobody has it,2024-05-09,zzz',
  ].join('\n');
  const path = written('items.csv', csv);
  const { items, notes } = await readItems(data, path);
  expect(items).toEqual({
    source: path,
    titles: [null, '300', 'Boot, brown', null],
    columns: [
      { name: 'category', type: 'category', categories: ['hats', 'shoes'], values: [1, 0, 1, null] },
      { name: 'in_stock', type: 'boolean', values: [1, 0, 1, null] },
      { name: 'price', type: 'number', values: [7, null, 19.5, null] },
      {
        ...{ name: 'released', type: 'category', categories: ['2024-03-01', '2024-05-09'] },
        values: [1, null, 0, null],
      },
    ],
  });
  expect(notes![0]).toContain(
    'item = sku, title = product_title, filters = category, in_stock, price, released',
  );
  expect(notes![1]).toMatch(/: 1 of 4 items have no row; 1 of 4 rows are of items without interactions/);
});

it('leaves out texts that describe single items, and says so', async () => {
  const lines = Array.from({ length: 150 }, (_, i) => `${i === 0 ? 'a1' : `x${i}`},text ${i},brand ${i % 9}`);
  const { items, notes } = await readItems(data, written('i.csv', `id,about,brand\n${lines.join('\n')}\n`));
  expect(items!.columns.map(({ name }) => name)).toEqual(['brand']);
  expect(items!.titles).toBeUndefined();
  expect(notes![0]).toMatch(/title = none, filters = brand; left out, .*: about$/);
});

it.each<[string, string, RegExp]>([
  [
    'an item twice',
    'id,name\na1,One\nb2,Two\na1,Three\n',
    /one row per item, found a1 .* rows 1 and 3; .*SQL/,
  ],
  [
    'none of the items',
    'id,name\nx,One\ny,Two\n',
    /expected ids of items \(a1, 007, b2, ...\).*found others/,
  ],
])('refuses %s', async (_, csv, message) => {
  await expect(readItems(data, written('items.csv', csv))).rejects.toThrow(message);
});

it('refuses rows that are no lists of items', async () => {
  const rows = fromRows([[1], [2]]);
  await expect(readItems(rows, written('items.csv', 'id\na\nb\n'))).rejects.toThrow(/such as recommend/);
});
