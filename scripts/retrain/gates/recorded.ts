import type { Gate } from './gate.ts';

/**
 * Detects degraded data: a challenger trained on noise may equal the champion on noise, but not what the
 * champion reached on the rows of its own training.
 */
export const recorded: Gate = {
  summary:
    "the challenger's error on its held-out rows exceeds the champion's on its own by at most this share",
  limit: 0.5,
  judge: ({ challenger, champion }, limit) => {
    const [now, then] = [challenger.metrics.mse, champion?.metrics.mse];
    if (now === undefined || then === undefined) return undefined;
    return {
      passed: now <= (1 + limit) * then,
      figures: `mse ${now.toPrecision(4)}, the champion's was ${then.toPrecision(4)}; limit ${((1 + limit) * then).toPrecision(4)}`,
    };
  },
};
