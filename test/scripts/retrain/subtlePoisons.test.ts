/** Poison that no column shows by itself; `subtlePoisons.slow.test.ts` has the honest nights. */
import { describe, expect, it } from 'vitest';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { parcels, SUBTLE } from '../../support/data/nights/parcels.ts';

const ROWS = 1500;

describe('the gates on data refuse', () => {
  it.each(Object.entries(SUBTLE))('%s', async (_, [gate, change]) => {
    for (const seed of [1, 2]) {
      const refused = await refusalsAfter(parcels(100 + seed, ROWS), change(parcels(seed, ROWS), seed), ROWS);
      expect(refused.map((each) => each.gate)).toContain(gate);
    }
  });
});
