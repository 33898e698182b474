/** Areas under the ROC curve, compared by labels. */
import { firstAt } from '../../../training/data/ranks.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { labelledScores } from '../../../training/evaluate/metrics/labelledScores.ts';
import type { MetricDrop } from './bootstrap.ts';
import type { HeldOut } from './heldOut.ts';

/**
 * Compares two areas under the ROC curve of the same rows, with the 95 % interval of DeLong et al. (1988,
 * "Comparing the areas under two or more correlated receiver operating characteristic curves").
 */
export function aucDrop(
  champion: ArrayLike<number>,
  challenger: ArrayLike<number>,
  { labels }: Pick<HeldOut, 'labels'>,
): MetricDrop {
  const [old, now] = [champion, challenger].map((scores) => placements(labelledScores(scores, labels)!));
  const variance = (kind: 'positives' | 'negatives') => {
    const differences = old![kind].map((value, i) => value - now![kind][i]!);
    const middle = mean(differences);
    const squares = differences.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return differences.length < 2 ? 0 : squares / (differences.length - 1) / differences.length;
  };
  const [before, after] = [mean(old!.positives), mean(now!.positives)];
  const drop = before - after;
  const margin = 1.96 * Math.sqrt(variance('positives') + variance('negatives'));
  return { champion: before, challenger: after, drop, low: drop - margin, high: drop + margin };
}

interface Placements {
  /** For each anomaly, the share of normal rows with a lower score; ties count half. */
  readonly positives: readonly number[];
  /** For each normal row, the share of anomalies with a higher score. */
  readonly negatives: readonly number[];
}

function placements({
  scores,
  classes,
}: {
  scores: readonly number[];
  classes: readonly number[];
}): Placements {
  const of = (kind: number) => scores.filter((_, i) => classes[i] === kind).toSorted((a, b) => a - b);
  const [normal, anomalous] = [of(0), of(1)];
  return {
    positives: scores.flatMap((score, i) => (classes[i] === 1 ? [shareBelow(normal, score)] : [])),
    negatives: scores.flatMap((score, i) => (classes[i] === 0 ? [1 - shareBelow(anomalous, score)] : [])),
  };
}

function shareBelow(ascending: readonly number[], value: number): number {
  const first = firstAt(ascending, (each) => each >= value);
  const last = firstAt(ascending, (each) => each > value);
  return (first + last) / 2 / ascending.length;
}
