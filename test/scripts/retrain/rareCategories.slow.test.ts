/** Honest nights with what makes chance large: few rows, rare categories, heavy tails, rounded numbers. */
import { expect, it } from 'vitest';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { orders } from '../../support/data/nights/orders.ts';

it('of 400 honest nights each of 300, 600 and 2,000 rows, the gates on data refuse at most 1 %', async () => {
  for (const rows of [300, 600, 2000]) {
    const wrong: string[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const refused = await refusalsAfter(orders(9000 + seed, rows), orders(8000 + seed, rows), rows);
      if (refused.length > 0)
        wrong.push(`${seed}: ${refused.map(({ gate, figures }) => `${gate} ${figures}`)}`);
    }
    expect(wrong.length, `${rows} rows:\n${wrong.join('\n')}`).toBeLessThanOrEqual(4);
  }
}, 400_000);
