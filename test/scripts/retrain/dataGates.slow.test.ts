/**
 * Rates over many seeds. The limits of the gates were chosen on the table `deliveries` with seeds below 100, and
 * are judged on seeds from 100 and on the table `machines`, of other columns and distributions.
 */
import { describe, expect, it } from 'vitest';
import type { Case } from '../../support/data/nights/edits.ts';
import { HONEST } from '../../support/data/nights/honest.ts';
import { refusals } from '../../support/data/nights/judging.ts';
import { POISONS } from '../../support/data/nights/poisons.ts';
import { deliveries, machines } from '../../support/data/nights/schemas.ts';

const NIGHTS = [deliveries, machines].flatMap((schema) =>
  [400, 2000].flatMap((rows) => [100, 101, 102, 103].map((seed) => ({ schema, rows, seed, day: 5 }))),
);

/** Describes the nights with a verdict that is not `wanted`; fails if there are more than 5 %. */
async function requireRate(cases: Readonly<Record<string, Case>>, wanted: 'refused' | 'passed') {
  const wrong: string[] = [];
  const own = Object.entries(cases);
  for (const [name, each] of own)
    for (const night of NIGHTS) {
      const refused = await refusals(each, night);
      if (refused.length > 0 === (wanted === 'refused')) continue;
      const { schema, rows, seed } = night;
      wrong.push(`${name}, ${schema.name} ${seed}, ${rows} rows: ${refused.map(({ figures }) => figures)}`);
    }
  expect(wrong.length / own.length / NIGHTS.length, wrong.join('\n')).toBeLessThanOrEqual(0.05);
}

describe('of many nights', () => {
  it('at least 95 % of the poisoned ones are refused', () => requireRate(POISONS, 'refused'), 300_000);
  it('at least 95 % of the honest ones pass', () => requireRate(HONEST, 'passed'), 300_000);
});
