/** Conformal statistics of an anomaly score: its p-value, and the confidence of the verdict. */
import { binomialAtMost } from './binomial.ts';
import type { Calibration } from './measured.ts';

/**
 * Returns the conformal p-value of a score, in (0, 1]. For every p, at most a share p of rows from the
 * distribution of the calibration rows has a p-value of at most p (Vovk et al., 2005).
 */
export function pValueOf(score: number, calibration: Calibration): number {
  return (1 + countAtLeast(score, calibration)) / (1 + calibration.rows);
}

/**
 * Returns the confidence of a verdict, in [0, 1]: the probability that the score would fall on the same side
 * of the threshold if other rows had been drawn to set it (ExCeeD: Perini, Vercruyssen & Davis, 2020).
 */
export function confidenceOf(score: number, threshold: number, calibration: Calibration): number {
  const { rows } = calibration;
  // The threshold is a quantile: a fixed number of rows lies above it, so other rows would move it.
  const chanceOfHigher = (1 + countAtLeast(score, calibration)) / (2 + rows);
  const anomalous = binomialAtMost(countAbove(threshold, calibration), rows, chanceOfHigher);
  return score > threshold ? anomalous : 1 - anomalous;
}

/** Counts the rows with at least this score: exactly or, if not all scores are kept, up to 1 % too many. */
function countAtLeast(score: number, calibration: Calibration): number {
  return countFrom(calibration, (kept) => kept < score);
}

/** Counts the rows with a higher score, with the same accuracy. */
function countAbove(score: number, calibration: Calibration): number {
  return countFrom(calibration, (kept) => kept <= score);
}

/** Counts the rows above the last of the kept scores that is `below`. */
function countFrom({ scores, above, rows }: Calibration, below: (score: number) => boolean): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(scores[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? rows : above[low - 1]!;
}
