import type { Gate } from './gate.ts';

/**
 * A challenger that learned from noise is no worse than the champion on noise. What it is worse than is what the champion
 * was on the rows of its own day.
 */
export const recorded: Gate = {
  summary:
    'its error on its held-out rows is at most so much above what the champion had on its own, as a share',
  limit: 0.5,
  judge: ({ challenger, champion }, limit) => {
    const [now, then] = [challenger.metrics.mse, champion?.metrics.mse];
    if (now === undefined || then === undefined) return undefined;
    return {
      passed: now <= (1 + limit) * then,
      figures: `mse ${now.toPrecision(4)}, the champion's was ${then.toPrecision(4)}; up to ${((1 + limit) * then).toPrecision(4)}`,
    };
  },
};
