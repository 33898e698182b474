/** Metrics of predictions. */
import type { Matrix } from '../../shared/tensor.ts';

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

export function meanAbsoluteError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += Math.abs(predicted[i]! - actual[i]!);
  return sum / actual.length;
}

/**
 * Area under the receiver operating characteristic curve: the probability that a row of class 1 scores higher
 * than one of class 0, with ties counted as half (Hanley & McNeil, 1982). `classes` are 0 or 1; NaN unless
 * both occur.
 */
export function rocAuc(scores: ArrayLike<number>, classes: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, rankSum] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    do tied += classes[order[end++]!]!;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]);
    // Ranks count from 1; equal scores share their mean rank.
    rankSum += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Returns the most probable class of each row of `[N, classes]`; the first if several tie. */
export function mostProbable({ data, rowCount, width }: Matrix): number[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const own = data.subarray(row * width, (row + 1) * width);
    return own.indexOf(own.reduce((most, value) => Math.max(most, value)));
  });
}

/** Share of the rows whose class is the most probable one. */
export function accuracy(probabilities: Matrix, classes: ArrayLike<number>): number {
  return mean(mostProbable(probabilities).map((guess, row) => Number(guess === classes[row])));
}

/** Probabilities are clipped to [this, 1 - this]: float32's machine epsilon. */
const EPSILON = 2 ** -23;

/**
 * Mean of -log of the probability of each row's class, like scikit-learn's `log_loss`; a class below 0 has
 * probability 0.
 */
export function logLoss({ data, rowCount, width }: Matrix, classes: ArrayLike<number>): number {
  return mean(
    Array.from({ length: rowCount }, (_, row) => {
      const own = classes[row]! < 0 ? 0 : data[row * width + classes[row]!]!;
      return -Math.log(Math.min(Math.max(own, EPSILON), 1 - EPSILON));
    }),
  );
}
