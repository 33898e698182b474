import type { Gate } from './gate.ts';

/** Columns that were exchanged have the means of columns, but do not go together as they did: the champion sees that. */
export const familiar: Gate = {
  summary:
    "the champion's own error on the new held-out rows is at most so many times what it was on its own",
  limit: 4,
  judge: ({ comparison }, limit) => {
    if (comparison === undefined || typeof comparison === 'string') return undefined;
    const { surprise } = comparison;
    return { passed: surprise <= limit, figures: `${surprise.toFixed(2)} times; up to ${limit}` };
  },
};
