/**
 * Metrics and curves of anomaly scores (class 1: anomaly, class 0: normal row). Rows with equal scores share
 * a threshold; their order never matters.
 */
import { rocAuc } from '../../estimators/scores.ts';

/** Counts at one threshold, for which every row with at least that score is an alarm. */
interface ThresholdCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** ROC or precision-recall curve. */
export interface OperatingCurve {
  /** `[x, y]`, x ascending. */
  readonly points: readonly (readonly [number, number])[];
}

/**
 * Metrics by standard name; `classes` are 0 and 1, and both occur.
 * - `roc-auc`: probability that an anomaly has a higher score than a normal row
 * - `average-precision`: mean precision over the anomalies, from the highest score down (as in scikit-learn)
 * - `precision-at-n`: share of anomalies among the n highest scores, where n is the number of anomalies
 */
export function detectionMetrics(
  scores: ArrayLike<number>,
  classes: ArrayLike<number>,
): Record<string, number> {
  return {
    'roc-auc': rocAuc(scores, classes),
    'average-precision': averagePrecision(scores, classes),
    'precision-at-n': precisionAtN(scores, classes),
  };
}

/** Sum over the thresholds of precision times the recall gained. */
export function averagePrecision(scores: ArrayLike<number>, classes: ArrayLike<number>): number {
  const steps = stepsOf(scores, classes);
  const positives = steps.at(-1)!.truePositives;
  let [sum, before] = [0, 0];
  for (const { truePositives, falsePositives } of steps) {
    sum += ((truePositives - before) / positives) * (truePositives / (truePositives + falsePositives));
    before = truePositives;
  }
  return sum;
}

/** If rows tie for the last of the n places, each counts by its share of the places left. */
export function precisionAtN(scores: ArrayLike<number>, classes: ArrayLike<number>): number {
  const steps = stepsOf(scores, classes);
  const n = steps.at(-1)!.truePositives;
  let before: ThresholdCounts = { truePositives: 0, falsePositives: 0 };
  for (const step of steps) {
    const [found, taken] = [step.truePositives, step.truePositives + step.falsePositives];
    const start = before.truePositives + before.falsePositives;
    if (taken >= n) {
      const share = (n - start) / (taken - start);
      return (before.truePositives + share * (found - before.truePositives)) / n;
    }
    before = step;
  }
  throw new Error('there are no anomalies');
}

/** ROC curve: true positive rate over false positive rate, from (0, 0) to (1, 1). */
export function rocCurve(scores: ArrayLike<number>, classes: ArrayLike<number>): OperatingCurve {
  const steps = stepsOf(scores, classes);
  const { truePositives: positives, falsePositives: negatives } = steps.at(-1)!;
  const points = steps.map(
    (step) => [step.falsePositives / negatives, step.truePositives / positives] as const,
  );
  return { points: [[0, 0], ...points] };
}

/**
 * Precision-recall curve, from the highest score down; starts at the precision of the first step with an
 * anomaly.
 */
export function precisionRecallCurve(scores: ArrayLike<number>, classes: ArrayLike<number>): OperatingCurve {
  const steps = stepsOf(scores, classes).filter(({ truePositives }) => truePositives > 0);
  const positives = steps.at(-1)!.truePositives;
  const points = steps.map(
    ({ truePositives: found, falsePositives }) =>
      [found / positives, found / (found + falsePositives)] as const,
  );
  return { points: [[0, points[0]![1]], ...points] };
}

/** One step for each distinct score, the highest first; the last step counts all rows. */
function stepsOf(scores: ArrayLike<number>, classes: ArrayLike<number>): readonly ThresholdCounts[] {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: ThresholdCounts[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((row, i) => {
    if (classes[row] === 1) truePositives++;
    else falsePositives++;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== scores[row]) steps.push({ truePositives, falsePositives });
  });
  return steps;
}
