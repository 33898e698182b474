/** Every poison and every honest change, on a table and seeds that no limit was chosen on; `dataGates.slow.test.ts` has more. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../../support/data/nights/edits.ts';
import { HONEST } from '../../support/data/nights/honest.ts';
import { refusals } from '../../support/data/nights/judging.ts';
import { POISONS } from '../../support/data/nights/poisons.ts';
import { machines } from '../../support/data/nights/schemas.ts';

const context = { schema: machines, seed: 102, rows: 2000, day: 5 };
const cases = (all: Readonly<Record<string, Case>>) =>
  Object.entries(all).filter(([, { by }]) => by === undefined);

describe('the gates on data', () => {
  it.each(cases(POISONS))('refuse %s', async (_, each) => {
    expect(await refusals(each, context)).not.toEqual([]);
  });

  it.each(cases(HONEST))('pass %s', async (_, each) => {
    expect(await refusals(each, context)).toEqual([]);
  });
});
