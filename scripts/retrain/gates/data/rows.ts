import type { DataGate } from '../gate.ts';

/** Guards against truncated data, and against rows that were exported or joined more than once. */
export const rows: DataGate = {
  summary: 'as many rows as usual (median of the last ten promoted versions), to within this factor',
  limit: 2,
  judge: ({ now, usualRows }, limit) => {
    if (usualRows === undefined) return undefined;
    const ratio = now.rows / usualRows;
    return {
      passed: ratio <= limit && ratio >= 1 / limit,
      figures: `${now.rows} rows, usually ${usualRows}: ${ratio.toFixed(2)} times, from ${(1 / limit).toFixed(2)} to ${limit}`,
      figure: ratio,
      threshold: ratio < 1 ? 1 / limit : limit,
    };
  },
};
