import type { Gate } from './gate.ts';

/**
 * Detects data that no longer resembles the champion's, for instance swapped columns, which may keep their
 * means.
 */
export const familiar: Gate = {
  summary:
    "the champion's error on the new held-out rows is at most this multiple of its error on its own held-out rows",
  limit: 4,
  judge: ({ comparison }, limit) => {
    if (comparison === undefined || typeof comparison === 'string') return undefined;
    const { surprise } = comparison;
    return {
      passed: surprise <= limit,
      figures: `${surprise.toFixed(2)} times its own error, limit ${limit}`,
    };
  },
};
