/** Poison that no column shows by itself; `subtlePoisons.slow.test.ts` has the honest nights. */
import { describe, expect, it } from 'vitest';
import { textsOf, withValues } from '../../support/data/nights/edits.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { parcels, SUBTLE } from '../../support/data/nights/parcels.ts';
import { PARTIAL, patients } from '../../support/data/nights/patients.ts';

const ROWS = 1500;

describe('the gates on data refuse', () => {
  it.each(Object.entries(SUBTLE))('%s', async (_, [gate, change]) => {
    for (const seed of [1, 2]) {
      const refused = await refusalsAfter(parcels(100 + seed, ROWS), change(parcels(seed, ROWS), seed), ROWS);
      expect(refused.map((each) => each.gate)).toContain(gate);
    }
  });

  it.each(Object.entries(PARTIAL))('%s', async (_, [columns, change]) => {
    const rows = 4000;
    for (const seed of [1, 2]) {
      const [champion, night] = [patients(100 + seed, rows), patients(seed, rows)];
      expect(await refusalsAfter(champion, night, rows)).toEqual([]);
      expect(await refusalsAfter(champion, change(night), rows)).toContainEqual(
        expect.objectContaining({ gate: 'gaps', figures: expect.stringContaining(`${columns}: `) }),
      );
    }
  });

  it('miles in place of kilometres in one region of fifteen', async () => {
    const regions = Array.from({ length: 15 }, (_, i) => `region ${i}`);
    const rows = 6000;
    const night = parcels(1, rows, regions);
    const own = textsOf(night, 'region');
    const inMiles = withValues(
      night,
      'distance',
      (value) => value / 1.609,
      (row) => own[row] === 'region 11',
    );
    expect(await refusalsAfter(parcels(101, rows, regions), night, rows)).toEqual([]);
    expect(await refusalsAfter(parcels(101, rows, regions), inMiles, rows)).toContainEqual(
      expect.objectContaining({
        gate: 'groups',
        column: 'distance',
        figures: expect.stringContaining('distance where region is region 11: '),
      }),
    );
  });
});
