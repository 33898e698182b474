/** How unusual a score is, by the scores of validation rows. */
import { InputError } from '../../../shared/errors.ts';
import type { Calibration } from '../../../shared/measured.ts';

type Scores = Float32Array<ArrayBuffer>;

/** So many of the highest scores are kept, each. */
const KEPT = 100;
/** Of those below, so many that a count from what is kept is too large by this share at most. */
const TOLERANCE = 0.01;

/** What the p-values of other rows are worked out of, from the scores of rows that no weight was fitted to. */
export function calibrationOf(scores: Scores): Calibration {
  const distinct = countsAbove(scores);
  const kept: ScoreCount[] = [];
  distinct.forEach((each, i) => {
    const next = distinct[i + 1];
    const limit = Math.max(KEPT, (kept.at(-1)?.above ?? 0) * (1 + TOLERANCE));
    // What is left out may be counted as the next one that is kept.
    if (each.above < KEPT || next === undefined || next.above > limit) kept.push(each);
  });
  kept.reverse();
  return {
    rows: scores.length,
    scores: kept.map(({ score }) => score),
    above: kept.map(({ above }) => above),
  };
}

interface ScoreCount {
  readonly score: number;
  /** How many rows have a higher one. */
  readonly above: number;
}

/** Every score that occurs, the highest first. */
function countsAbove(scores: Scores): readonly ScoreCount[] {
  const counts: ScoreCount[] = [];
  scores
    .toSorted()
    .reverse()
    .forEach((score, above) => {
      if (score !== counts.at(-1)?.score) counts.push({ score, above });
    });
  return counts;
}

/** The lowest threshold above which p-values are at most `targetFpr`. */
export function thresholdAt(targetFpr: number, { rows, scores, above }: Calibration): number {
  // Of the product's last bit, 0.05 * 20 - 1 may be below 0.
  const allowed = Math.floor(targetFpr * (rows + 1) * (1 + Number.EPSILON)) - 1;
  return scores[above.findIndex((count) => count <= allowed)]!;
}

/** @throws {InputError} where there are too few validation rows for p-values as low as `targetFpr`. */
export function requireCalibrated(targetFpr: number | null, validationRows: number): void {
  const lowest = 1 / (validationRows + 1);
  if (targetFpr === null || targetFpr >= lowest) return;
  throw new InputError(
    `setting 'targetFpr': expected at least 1 / (validation rows + 1) = ${lowest.toPrecision(3)}, received ${targetFpr}; raise it or validationShare, or bring more rows`,
  );
}
