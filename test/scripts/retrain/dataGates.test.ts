/** Every poison and every honest change, on a table and seeds that no limit was chosen on; `dataGates.slow.test.ts` has more. */
import { describe, expect, it } from 'vitest';
import { HONEST } from '../../support/data/nights/honest.ts';
import { refusals } from '../../support/data/nights/judging.ts';
import { POISONS } from '../../support/data/nights/poisons.ts';
import { machines } from '../../support/data/nights/schemas.ts';

const context = { schema: machines, seed: 102, rows: 2000, day: 5 };

describe('the gates on data', () => {
  it.each(Object.entries(POISONS))('refuse %s', async (_, each) => {
    expect(await refusals(each, context)).not.toEqual([]);
  });

  it.each(Object.entries(HONEST))('pass %s', async (_, each) => {
    expect(await refusals(each, context)).toEqual([]);
  });
});
