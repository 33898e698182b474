/** Honest nights that were refused when each was taken for independent rows of one world; the slow test has the rates. */
import { describe, expect, it } from 'vitest';
import { shuffled, valuesOf, withValues } from '../../support/data/nights/edits.ts';
import { type HonestTable, honestTable } from '../../support/data/nights/honestTables.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';

describe('the gates on data pass', () => {
  it.each<
    [string, HonestTable, rows: number, nights: readonly (readonly [champion: number, night: number])[]]
  >([
    [
      'columns that follow others by their size alone',
      'folded',
      1000,
      [
        [1000, 5027],
        [1001, 5118],
        [1002, 5202],
        [1002, 5203],
      ],
    ],
    [
      'relations that are a curve, when its level moves',
      'folded',
      1000,
      [
        [1001, 5101],
        [1001, 5102],
        [1001, 5111],
      ],
    ],
    [
      'a product of two columns',
      'mix',
      300,
      [
        [1000, 5002],
        [1000, 5008],
        [1000, 5017],
      ],
    ],
    ['another mix of categories', 'mix', 1000, [[1000, 5016]]],
    [
      'rows of few users, in bursts',
      'bursts',
      300,
      [
        [1000, 5003],
        [1000, 5009],
        [1000, 5010],
      ],
    ],
    ['rows of some users, in bursts', 'bursts', 1000, [[1000, 5011]]],
    [
      'weather that wanders',
      'seasonal',
      1000,
      [
        [1001, 5103],
        [1003, 5306],
      ],
    ],
  ])('%s', async (_, name, rows, nights) => {
    for (const [champion, night] of nights)
      expect(
        await refusalsAfter(honestTable(name, champion, rows), honestTable(name, night, rows), rows),
      ).toEqual([]);
  });
});

describe('the gates on data still refuse', () => {
  it('a column that was shuffled, which follows another one by a curve', async () => {
    const night = shuffled(honestTable('folded', 5001, 1000), 'load', 1);
    const refused = await refusalsAfter(honestTable('folded', 1000, 1000), night, 1000);
    expect(refused.map(({ gate }) => gate)).toEqual(expect.arrayContaining(['relations', 'explained']));
  });

  it('every second file of a night, in which a column is of other rows', async () => {
    const night = honestTable('uneven', 5001, 4000);
    const others = valuesOf(shuffled(night, 'weight', 1), 'weight');
    const values = valuesOf(night, 'weight').map((own, row) =>
      Math.floor(row / 100) % 2 === 0 ? others[row]! : own,
    );
    let row = 0;
    const mixed = withValues(night, 'weight', () => values[row++]!);
    const refused = await refusalsAfter(honestTable('uneven', 1000, 4000), mixed, 4000);
    expect(refused.map(({ gate }) => gate)).toEqual(expect.arrayContaining(['relations']));
  });

  it('cents in place of units in a third of the rows of users who come in bursts', async () => {
    const night = withValues(
      honestTable('bursts', 5001, 1000),
      'basket',
      (value) => 100 * value,
      (row) => row % 3 === 0,
    );
    const refused = await refusalsAfter(honestTable('bursts', 1000, 1000), night, 1000);
    expect(refused.map(({ gate }) => gate)).toEqual(expect.arrayContaining(['spread', 'quantiles']));
  });
});
