/** Weeks of nights on a small table: what is honest passes, poison does not, and the served error stays where it was. */
import { beforeAll, describe, expect, it } from 'vitest';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { keptFolder } from '../../support/data/data.ts';
import type { Case } from '../../support/data/nights/edits.ts';
import { HONEST } from '../../support/data/nights/honest.ts';
import { datasetOf } from '../../support/data/nights/judging.ts';
import { POISONS } from '../../support/data/nights/poisons.ts';
import { deliveries, machines, type Schema } from '../../support/data/nights/schemas.ts';
import { type Nights, nights } from '../../support/data/nights/simulation.ts';

const ROWS = 1000;
const SETTINGS = {
  ...{ hidden: [16], activation: 'elu', codeSize: 3, epochs: 25, patience: 8, batchSize: 32 },
  // Nobody resumes these runs.
  checkpointEvery: 0,
};

const out = keptFolder();
const simulated = (name: string) => nights({ out, recipe: { ...RECIPES.tabular, name }, settings: SETTINGS });

it('a hundred honest nights are promoted but for two, and the error does not drift up', async () => {
  const own = simulated('hundred');
  const refused: string[] = [];
  const errors: number[] = [];
  for (let day = 0; day < 100; day++) {
    const night = await own.night(datasetOf(deliveries.night(1000 + day, ROWS, day)));
    if (night.refused !== undefined) refused.push(`${day}: ${night.refused}`);
    const { versions } = night.state.comparison ?? {};
    if (typeof versions === 'object') errors.push(versions.drops.mse!.champion);
  }
  expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(2);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const third = Math.floor(errors.length / 3);
  expect(mean(errors.slice(-third))).toBeLessThan(1.05 * mean(errors.slice(0, third)));
}, 1_200_000);

describe('champions of two tables', () => {
  const champions = new Map<Schema, Nights>();

  beforeAll(async () => {
    for (const schema of [deliveries, machines]) {
      const own = simulated(schema.name);
      champions.set(schema, own);
      for (const day of [2, 3, 4]) {
        const { refused } = await own.night(datasetOf(schema.night(2000 + day, ROWS, day)));
        expect(refused).toBeUndefined();
      }
    }
  });

  /** Names of the cases that end otherwise than wanted; at most 5 % of all. */
  async function requireRate(
    cases: Readonly<Record<string, Case>>,
    seed: number,
    wanted: 'refused' | 'passed',
  ) {
    const wrong: string[] = [];
    for (const [schema, champion] of champions)
      for (const [i, [name, { change, first }]] of Object.entries(cases).entries()) {
        const judged = first ? simulated(`${schema.name}-first-${i}`) : champion;
        const { refused } = await judged.trial(
          datasetOf(change({ schema, seed: seed + i, rows: ROWS, day: 5 })),
        );
        if ((refused !== undefined) !== (wanted === 'refused'))
          wrong.push(`${schema.name}, ${name}: ${refused}`);
      }
    const count = champions.size * Object.keys(cases).length;
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(0.05 * count);
  }

  it('yield to honest challengers', () => requireRate(HONEST, 3000, 'passed'), 300_000);
  it('do not yield to poison', () => requireRate(POISONS, 4000, 'refused'), 300_000);
});
