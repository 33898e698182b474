/** The price of all gates on data together: honest nights that are refused, of tables whose nights are no draws of one urn. */
import { expect, it } from 'vitest';
import { dataInput } from '../../../scripts/retrain/gates/inspectData.ts';
import { judgeAll } from '../../../scripts/retrain/gates/judging.ts';
import { DATA_GATES } from '../../../scripts/retrain/gates/registry.ts';
import { profileOf } from '../../../training/data/profile.ts';
import { HONEST_TABLES, type HonestTable, honestTable } from '../../support/data/nights/honestTables.ts';
import { datasetOf } from '../../support/data/nights/judging.ts';

const [NIGHTS, SIZES] = [30, [300, 1000, 5000]];
const NAMES = Object.keys(HONEST_TABLES) as HonestTable[];

it(`of ${NIGHTS} honest nights each of six tables of three sizes, the gates on data refuse at most 2 %`, async () => {
  const wrong: string[] = [];
  for (const name of NAMES)
    for (const rows of SIZES) {
      const profile = profileOf(datasetOf(honestTable(name, 1000, rows)));
      for (let seed = 0; seed < NIGHTS; seed++) {
        const night = datasetOf(honestTable(name, 5000 + seed, rows));
        const before = { manifest: undefined, profile };
        const input = dataInput(night, before, rows, Date.parse('2025-01-10'));
        const judged = await judgeAll(DATA_GATES, input, { limits: {}, accept: [] });
        const refused = judged.filter(({ passed }) => !passed);
        if (refused.length > 0)
          wrong.push(
            `${name}, ${rows} rows, ${seed}: ${refused.map(({ gate, figures }) => `${gate} ${figures}`)}`,
          );
      }
    }
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(0.02 * NAMES.length * SIZES.length * NIGHTS);
}, 400_000);
