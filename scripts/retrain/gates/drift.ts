import { driftScore, isSameConstant } from '../../../shared/drift.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import type { ModelGate } from './gate.ts';

/**
 * Compares the new training rows with the champion's, by the drift score that the Worker computes for
 * requests.
 */
export const drift: ModelGate = {
  summary:
    'the means of the features moved by less than this on average, in standard deviations, each capped at 1',
  limit: 0.5,
  judge: ({ challenger, champion }, limit) => {
    if (champion === undefined) return undefined;
    const shifts = shiftsOf(champion, challenger);
    const score = driftScore(shifts.map(({ shift }) => shift));
    if (score === null) return undefined;
    const most = shifts.toSorted((a, b) => (b.shift ?? Infinity) - (a.shift ?? Infinity) || 0).slice(0, 3);
    const named = most.map(({ feature, shift }) => `${feature} ${shift?.toFixed(2) ?? 'no longer constant'}`);
    return {
      passed: score < limit,
      figures: `score ${score.toFixed(3)}, limit ${limit}; largest shifts: ${named.join(', ')}`,
    };
  },
};

interface FeatureShift {
  readonly feature: string | number;
  /** Distance between the means in standard deviations; null for a constant that changed. */
  readonly shift: number | null;
}

/** Shifts of the numeric features that both models have, matched by name. */
function shiftsOf(champion: Manifest, challenger: Manifest): FeatureShift[] {
  const { names, statistics } = champion.features;
  return statistics.mean.flatMap((mean, i): FeatureShift[] => {
    const feature = names?.[i] ?? i;
    const at = names === null ? i : (challenger.features.names?.indexOf(names[i]!) ?? -1);
    const [deviation, now] = [statistics.standardDeviation[i], challenger.features.statistics.mean[at]];
    if (mean === null || deviation == null || now == null) return [];
    const moved = Math.abs(now - mean);
    if (deviation === 0) return [{ feature, shift: isSameConstant(moved, mean) ? 0 : null }];
    return [{ feature, shift: moved / deviation }];
  });
}
