/** What a score says beside those of other rows: how unusual it is, and how sure the verdict. */
import { binomialAtMost } from './binomial.ts';
import type { Calibration } from './measured.ts';

/**
 * The conformal p-value of a score, in (0, 1]. Of rows drawn like those of the calibration at most a share p has a p-value
 * of at most p, for every p (Vovk et al., 2005).
 */
export function pValueOf(score: number, calibration: Calibration): number {
  return (1 + countAtLeast(score, calibration)) / (1 + calibration.rows);
}

/**
 * How sure a verdict is, in [0, 1]: the chance that the score would be on the same side of the threshold had other rows
 * been drawn to set it (ExCeeD: Perini, Vercruyssen & Davis, 2020).
 */
export function confidenceOf(score: number, threshold: number, calibration: Calibration): number {
  const { rows } = calibration;
  // The threshold is where so many rows lie above it; other rows would put it elsewhere.
  const chanceOfHigher = (1 + countAtLeast(score, calibration)) / (2 + rows);
  const anomalous = binomialAtMost(countAbove(threshold, calibration), rows, chanceOfHigher);
  return score > threshold ? anomalous : 1 - anomalous;
}

/** How many rows have at least this score: exactly or, where not all scores are kept, at most 1 % more. */
function countAtLeast(score: number, calibration: Calibration): number {
  return countFrom(calibration, (kept) => kept < score);
}

/** The same of those that have a higher one. */
function countAbove(score: number, calibration: Calibration): number {
  return countFrom(calibration, (kept) => kept <= score);
}

/** How many rows lie above the last score, of those that are kept, that is `below`. */
function countFrom({ scores, above, rows }: Calibration, below: (score: number) => boolean): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(scores[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? rows : above[low - 1]!;
}
