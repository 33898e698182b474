/** Tables of products of a catalogue, more than are told apart as regressors: the price and weight follow from the product. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { profileOf } from '../../../training/data/profile.ts';
import type { Table } from '../../../training/data/table.ts';
import { datasetOf, refusalsAfter } from '../../support/data/nights/judging.ts';
import { numbers, table, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 5000;
const PRODUCTS = 30;
const catalogue = random(79, 'catalogue');
const [prices, weights] = [0, 1].map(() => normals(catalogue, PRODUCTS).map((value) => Math.exp(3 + value)));

/** @param mixedUp Share of the rows in which the price is that of another product. */
function sales(seed: number, mixedUp = 0): Table {
  const source = random(seed, 'sales');
  const sold = Array.from({ length: ROWS }, () => source.integer(PRODUCTS));
  const [ofPrice, ofWeight, minutes] = [0, 1, 2].map(() => normals(source, ROWS)) as [
    number[],
    number[],
    number[],
  ];
  const priced = sold.map((product) => (source.uniform() < mixedUp ? source.integer(PRODUCTS) : product));
  return table(ROWS, [
    texts(
      'product',
      sold.map((product) => `p${product}`),
    ),
    numbers(
      'price',
      priced.map((product, row) => prices![product]! * Math.exp(0.1 * ofPrice[row]!)),
    ),
    numbers(
      'weight',
      sold.map((product, row) => weights![product]! * Math.exp(0.1 * ofWeight[row]!)),
    ),
    numbers('minutes', minutes),
  ]);
}

it.each([2, 3, 4])('passes another night of the same products (seed %i)', async (seed) => {
  expect(await refusalsAfter(sales(1), sales(seed), ROWS)).toEqual([]);
});

it('passes it also after the champion of weeks ago, whose most frequent products were others', async () => {
  const { seen: _, ...profile } = profileOf(datasetOf(sales(5)));
  const reference = { version: '0a1b2c3d4e5f', at: '2025-01-01T00:00:00.000Z', profile };
  expect(await refusalsAfter(sales(1), sales(2), ROWS, reference)).toEqual([]);
});

it('refuses prices of other products', async () => {
  const refused = await refusalsAfter(sales(1), sales(2, 0.4), ROWS);
  expect(refused.map(({ gate }) => gate)).toContain('explained');
});
