import type { DataGate } from '../gate.ts';

/** Guards first versions, too: from a handful of rows, any model learns only these. */
export const enough: DataGate = {
  summary: 'at least this number of distinct rows',
  limit: 100,
  judge: ({ now }, limit) => ({
    passed: now.distinct >= limit,
    figures: `${now.distinct} distinct rows of ${now.rows}, at least ${limit}`,
    figure: now.distinct,
    threshold: limit,
  }),
};
