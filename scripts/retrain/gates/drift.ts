import type { Manifest } from '../../../shared/manifest.ts';
import type { Gate } from './gate.ts';

/** The new training rows against the champion's, by the score that the Worker has for requests (`edge/telemetry/drift.ts`). */
export const drift: Gate = {
  summary:
    'the means of the features moved by less than this, in standard deviations, each counted as 1 at most',
  limit: 0.5,
  judge: ({ challenger, champion }, limit) => {
    if (champion === undefined) return undefined;
    const shifts = shiftsOf(champion, challenger);
    if (shifts.length === 0) return undefined;
    const score = shifts.reduce((sum, { shift }) => sum + Math.min(1, shift), 0) / shifts.length;
    const most = shifts.toSorted((a, b) => b.shift - a.shift).slice(0, 3);
    const named = most.map(({ feature, shift }) => `${feature} ${shift.toFixed(2)}`);
    return {
      passed: score < limit,
      figures: `score ${score.toFixed(3)}, below ${limit}; most: ${named.join(', ')}`,
    };
  },
};

interface Shift {
  readonly feature: string | number;
  readonly shift: number;
}

/** Of features that are numbers and that both have, by name. */
function shiftsOf(champion: Manifest, challenger: Manifest): Shift[] {
  const { names, statistics } = champion.features;
  return statistics.mean.flatMap((mean, i): Shift[] => {
    const feature = names?.[i] ?? i;
    const at = names === null ? i : (challenger.features.names?.indexOf(names[i]!) ?? -1);
    const [deviation, now] = [statistics.standardDeviation[i], challenger.features.statistics.mean[at]];
    if (mean === null || deviation == null || now == null) return [];
    const moved = Math.abs(now - mean);
    if (deviation === 0) return [{ feature, shift: moved <= 1e-5 * Math.max(1, Math.abs(mean)) ? 0 : 1 }];
    return [{ feature, shift: moved / deviation }];
  });
}
