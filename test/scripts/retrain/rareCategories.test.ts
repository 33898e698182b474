/** Rare categories and heavy tails: what is poison although chance is large; the slow test has the honest nights. */
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../training/data/table.ts';
import { replaced, shuffled, textsOf, withValues } from '../../support/data/nights/edits.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { orders } from '../../support/data/nights/orders.ts';
import { texts } from '../../support/data/nights/schemas.ts';

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

  it('refuse a rare class that is gone in one country, which moves no correlation', async () => {
    const night = orders(1, ROWS);
    const [country, kind] = [textsOf(night, 'country'), textsOf(night, 'kind')];
    const cleared = kind.map((each, row) => (country[row] === 'fr' ? 'retail' : each));
    const refused = await refusalsAfter(orders(101, ROWS), replaced(night, texts('kind', cleared)), ROWS);
    expect(refused.map(({ gate }) => gate)).toEqual(['pairs']);
    expect(refused[0]!.figures).toMatch(/kind wholesale with country fr: \d+ rows expected, 0 found/);
  });

  it('refuse countries of other rows, where each had payments of its own', async () => {
    const localised = (night: Table) => {
      const [country, payment] = [textsOf(night, 'country'), textsOf(night, 'payment')];
      return replaced(
        night,
        texts(
          'payment',
          payment.map((each, row) => `${each} ${country[row]}`),
        ),
      );
    };
    const night = localised(orders(1, ROWS));
    const moved = textsOf(shuffled(night, 'country', 1), 'country');
    const mixed = textsOf(night, 'country').map((each, row) => (row % 45 === 0 ? moved[row]! : each));
    expect(await refusalsAfter(localised(orders(101, ROWS)), night, ROWS)).toEqual([]);
    expect(
      await refusalsAfter(localised(orders(101, ROWS)), replaced(night, texts('country', mixed)), ROWS),
    ).toEqual([expect.objectContaining({ gate: 'unpaired', column: 'country' })]);
  });

  // Each was refused when errors of normal numbers were taken for those of all.
  it.each([300, 600, 2000])('pass 12 honest nights of %i rows', async (rows) => {
    for (let seed = 0; seed < 12; seed++)
      expect(await refusalsAfter(orders(500 + seed, rows), orders(600 + seed, rows), rows)).toEqual([]);
  });
});
