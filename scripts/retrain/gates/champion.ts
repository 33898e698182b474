import { percent } from '../../../training/report/format.ts';
import { METRIC_NAMES, METRICS } from '../metrics/registry.ts';
import type { Gate } from './gate.ts';

/**
 * Tests for non-inferiority: the upper end of the drop's interval must be within the tolerance. With few
 * rows, a bare difference could pass by luck.
 */
export const champion: Gate = {
  summary:
    'no metric is worse than the champion on the same rows by more than its tolerance, with 95 % confidence',
  judge: ({ comparison, limits, allowBreaking }) => {
    if (comparison === undefined) return undefined;
    if (typeof comparison === 'string') {
      return { passed: allowBreaking, figures: `the champion cannot be evaluated: ${comparison}` };
    }
    if (Object.keys(comparison.drops).length === 0)
      return { passed: allowBreaking, figures: 'champion and challenger have no metric in common' };
    let passed = true;
    const figures = METRIC_NAMES.flatMap((name) => {
      const drop = comparison.drops[name];
      if (drop === undefined) return [];
      const limit = limits[name] ?? METRICS[name].limit;
      // Written so that NaN does not pass.
      if (!(drop.high <= limit)) passed = false;
      const shown = METRICS[name].drop === 'relative' ? percent : (value: number) => value.toFixed(4);
      const interval = `${shown(drop.low)} to ${shown(drop.high)}`;
      const values = `${drop.challenger.toPrecision(4)}, champion ${drop.champion.toPrecision(4)}`;
      return [`${name} ${values}: worse by ${shown(drop.drop)} (${interval}), limit ${shown(limit)}`];
    });
    return { passed, figures: `${figures.join('; ')}; ${comparison.rows} rows` };
  },
};
