/** Data for the documented ways to train the recipe `recommend`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SHOPS = [
  'npm run train -- movies --data path/to/ml-latest-small',
  `npm run train -- recommend --data "SELECT customer, product FROM 'orders.parquet' WHERE quantity > 0" --name shop`,
  'npm run train -- recommend --data orders.csv --items items.csv --name shop',
];

/** How many things there are. */
export const ITEMS = 40;

export interface Shop {
  /** In the form of MovieLens. */
  readonly folder: string;
  /** A table. */
  readonly orders: string;
  /** The table of items: every second one is in stock. */
  readonly items: string;
}

/** 60 people, each of whom has 8 of the things. */
export function shop(parent: string): Shop {
  const folder = join(parent, 'ml-latest-small');
  mkdirSync(folder, { recursive: true });
  const orders = join(parent, 'orders.csv');
  const pairs = Array.from({ length: 480 }, (_, i) => [i % 60, (7 * Math.floor(i / 60) + i) % ITEMS]);
  const written = (...columns: string[]) => [
    columns.join(','),
    ...pairs.map((pair) => `${pair.join(',')},5`),
  ];
  writeFileSync(join(folder, 'ratings.csv'), written('userId', 'movieId', 'rating').join('\n'));
  writeFileSync(join(folder, 'movies.csv'), 'movieId,title\n1,"One, The (1994)"\n2,Two (1995)\n');
  writeFileSync(orders, written('customer', 'product', 'quantity').join('\n'));
  const items = join(parent, 'items.csv');
  const lines = Array.from(
    { length: ITEMS },
    (_, i) => `${i},Thing ${i},${i % 3 ? 'shoes' : 'hats'},${i % 2 === 0}`,
  );
  writeFileSync(items, ['id,title,category,in_stock', ...lines].join('\n'));
  return { folder, orders, items };
}
