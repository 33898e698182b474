import { percent } from '../../../training/report/format.ts';
import type { ModelGate } from './gate.ts';

/** Detects a challenger that has learned only a part of the champion's world, such as fifty copied rows. */
export const flagged: ModelGate = {
  summary:
    "of the champion's held-out rows, if their file is still there, the challenger flags at most this share more than the champion",
  limit: 0.1,
  judge: ({ comparison: { past } }, limit) => {
    if (past === undefined) return undefined;
    if (typeof past === 'string') return { passed: true, figures: `not judged: ${past}` };
    const { champion, challenger, rows } = past;
    const figure = challenger - champion;
    // Four standard errors of the difference of two shares.
    const noise = 4 * Math.sqrt(((champion + 1 / rows) * (1 - champion) * 2) / rows);
    const threshold = Math.max(limit, noise);
    return {
      passed: figure <= threshold,
      figures: `flags ${percent(challenger)} of ${rows} rows, the champion ${percent(champion)}; limit ${percent(threshold)} more`,
      figure,
      threshold,
    };
  },
};
