/** How well scores tell anomalies, class 1, from other rows, class 0: figures and curves. Ties are one step, never an order. */
import { rocAuc } from '../../estimators/scores.ts';

/** What is known at one threshold: rows of at least this score are called anomalous. */
interface Step {
  readonly truePositives: number;
  readonly falsePositives: number;
}

export interface Curve {
  /** `[x, y]`, x ascending. */
  readonly points: readonly (readonly [number, number])[];
}

/**
 * By standard name; `classes` are 0 and 1, with rows of both.
 * - `roc-auc`: the chance that an anomaly has a higher score than another row
 * - `average-precision`: the mean precision over the anomalies, from the highest score down (as scikit-learn's)
 * - `precision-at-n`: the share of anomalies among the n highest scores, where n is how many anomalies there are
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

/** The sum over the thresholds of precision times the recall that each adds. */
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

/** Of rows that tie for the last of the n places, the share that the places are of them counts. */
export function precisionAtN(scores: ArrayLike<number>, classes: ArrayLike<number>): number {
  const steps = stepsOf(scores, classes);
  const n = steps.at(-1)!.truePositives;
  let before: Step = { truePositives: 0, falsePositives: 0 };
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

/** The true positive rate by the false positive rate, from (0, 0) to (1, 1). */
export function rocCurve(scores: ArrayLike<number>, classes: ArrayLike<number>): Curve {
  const steps = stepsOf(scores, classes);
  const { truePositives: positives, falsePositives: negatives } = steps.at(-1)!;
  const points = steps.map(
    (step) => [step.falsePositives / negatives, step.truePositives / positives] as const,
  );
  return { points: [[0, 0], ...points] };
}

/** The precision by the recall, from the highest score down; it starts at the precision of the first step. */
export function precisionRecallCurve(scores: ArrayLike<number>, classes: ArrayLike<number>): Curve {
  const steps = stepsOf(scores, classes).filter(({ truePositives }) => truePositives > 0);
  const positives = steps.at(-1)!.truePositives;
  const points = steps.map(
    ({ truePositives: found, falsePositives }) =>
      [found / positives, found / (found + falsePositives)] as const,
  );
  return { points: [[0, points[0]![1]], ...points] };
}

/** One step for each score that occurs, the highest first; the last one counts all rows. */
function stepsOf(scores: ArrayLike<number>, classes: ArrayLike<number>): readonly Step[] {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: Step[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((row, i) => {
    if (classes[row] === 1) truePositives++;
    else falsePositives++;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== scores[row]) steps.push({ truePositives, falsePositives });
  });
  return steps;
}
