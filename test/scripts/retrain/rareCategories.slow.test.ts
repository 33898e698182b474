/** Honest nights with what makes chance large: few rows, rare categories, heavy tails, rounded numbers. */
import { expect, it } from 'vitest';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { orders } from '../../support/data/nights/orders.ts';

const NIGHTS = 150;

it(`of ${NIGHTS} honest nights each of 300, 600 and 2,000 rows, the gates on data refuse at most 1 %`, async () => {
  const wrong: string[] = [];
  const sizes = [300, 600, 2000];
  for (const rows of sizes) {
    for (let seed = 0; seed < NIGHTS; seed++) {
      const refused = await refusalsAfter(orders(9000 + seed, rows), orders(8000 + seed, rows), rows);
      if (refused.length > 0)
        wrong.push(`${rows} rows, ${seed}: ${refused.map(({ gate, figures }) => `${gate} ${figures}`)}`);
    }
  }
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual((sizes.length * NIGHTS) / 100);
}, 400_000);
