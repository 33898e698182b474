/** Rare categories and heavy tails: what is poison although chance is large; the slow test has the honest nights. */
import { describe, expect, it } from 'vitest';
import { shuffled, textsOf, withValues } from '../../support/data/nights/edits.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { orders } from '../../support/data/nights/orders.ts';

const ROWS = 4000;

describe('the gates on data', () => {
  it('refuse a category that was shuffled, of which 5 % of the rows are the rarer one', async () => {
    const refused = await refusalsAfter(orders(101, ROWS), shuffled(orders(1, ROWS), 'kind', 1), ROWS);
    expect(refused.map(({ gate }) => gate)).toEqual(expect.arrayContaining(['groups']));
  });

  it('refuse cents in place of units where a category is rare', async () => {
    const night = orders(1, ROWS);
    const own = textsOf(night, 'payment');
    const inCents = withValues(
      night,
      'price',
      (value) => 100 * value,
      (row) => own[row] === 'voucher',
    );
    expect(await refusalsAfter(orders(101, ROWS), inCents, ROWS)).toContainEqual(
      expect.objectContaining({ gate: 'groups', column: 'price' }),
    );
  });

  // Each was refused when errors of normal numbers were taken for those of all.
  it.each([300, 600, 2000])('pass 12 honest nights of %i rows', async (rows) => {
    for (let seed = 0; seed < 12; seed++)
      expect(await refusalsAfter(orders(500 + seed, rows), orders(600 + seed, rows), rows)).toEqual([]);
  });
});
