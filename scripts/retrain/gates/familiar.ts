import { percent } from '../../../training/report/format.ts';
import type { ModelGate } from './gate.ts';

/** Critical value of the one-sided Kolmogorov-Smirnov test at a significance level of 0.0001. */
const CRITICAL = Math.sqrt(-Math.log(0.0001) / 2);

/**
 * Detects rows whose columns no longer fit together although each looks as before, for instance because they
 * were joined wrongly: the champion then reconstructs them worse than its own validation rows.
 */
export const familiar: ModelGate = {
  summary:
    'the share of new held-out rows above any score of the champion exceeds that of its validation rows by at most this (Kolmogorov-Smirnov)',
  limit: 0.15,
  judge: ({ comparison: { versions } }, limit) => {
    if (versions === undefined || typeof versions === 'string') return undefined;
    const { familiarity, rows } = versions;
    if (familiarity === undefined) return undefined;
    const { excess, flagged } = familiarity;
    const chance = CRITICAL * Math.sqrt(1 / rows + 1 / familiarity.rows);
    const threshold = Math.max(limit, chance);
    const differs = threshold.toFixed(3) !== limit.toFixed(3);
    const why = differs ? ` (not ${limit}, as chance explains so much among ${rows} rows)` : '';
    return {
      passed: excess <= threshold,
      figures: `distance ${excess.toFixed(3)}, limit ${threshold.toFixed(3)}${why}; the champion flags ${percent(flagged)} of the new rows`,
      figure: excess,
      threshold,
    };
  },
};
