/** How good predictions are. */

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
 * The area under the receiver operating characteristic: the chance that a row of class 1 has a higher score than one of
 * class 0, where ties count half (Hanley & McNeil, 1982). `classes` are 0 and 1; NaN unless both are among them.
 */
export function rocAuc(scores: ArrayLike<number>, classes: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, rankSum] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    do tied += classes[order[end++]!]!;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]);
    // Ranks count from 1; those of equal scores are shared.
    rankSum += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
