/** The price of finding subtle poison: honest nights that are refused. */
import { expect, it } from 'vitest';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { parcels } from '../../support/data/nights/parcels.ts';
import { deliveries, machines } from '../../support/data/nights/schemas.ts';

const GATES = [
  'relations',
  'groups',
  'distinct',
  'clipped',
  'stuck',
  'appeared',
  'vanished',
  'explained',
  'halves',
  'truncated',
  ...['held', 'spread', 'imputed', 'noise', 'tenths', 'pairs', 'unpaired', 'gaps', 'contradicted'],
];
const WORLDS = [
  (seed: number, rows: number) => parcels(seed, rows),
  ...[deliveries, machines].map((schema) => (seed: number, rows: number) => schema.night(seed, rows, 5)),
];

it('of 210 honest nights, the gates for subtle poison refuse at most 1 %', async () => {
  const wrong: string[] = [];
  for (const night of WORLDS)
    for (let seed = 0; seed < 70; seed++) {
      const rows = seed % 2 === 0 ? 400 : 1500;
      const refused = await refusalsAfter(night(9000 + seed, rows), night(8000 + seed, rows), rows);
      const ours = refused.filter(({ gate }) => GATES.includes(gate));
      if (ours.length > 0) wrong.push(`${seed}: ${ours.map(({ figures }) => figures)}`);
    }
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(2);
}, 90_000);
