/** Calibration of scores by those of the validation rows, for conformal p-values. */
import { InputError } from '../../../shared/errors.ts';
import type { Calibration } from '../../../shared/measured.ts';

/** Number of highest scores that are all kept. */
const KEPT = 100;
/**
 * Relative error allowed for counts below those: enough scores are kept that no count is too large by more.
 */
const TOLERANCE = 0.01;

/** Compresses the scores of rows that no weight was fitted to, for computing p-values of other rows. */
export function calibrationOf(scores: Float32Array<ArrayBuffer>): Calibration {
  const distinct = countsAbove(scores);
  const kept: ScoreCount[] = [];
  distinct.forEach((each, i) => {
    const next = distinct[i + 1];
    const limit = Math.max(KEPT, (kept.at(-1)?.above ?? 0) * (1 + TOLERANCE));
    // A score that is left out may be counted like the next one that is kept.
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
  /** Number of rows with a higher score. */
  readonly above: number;
}

/** Distinct scores, the highest first. */
function countsAbove(scores: Float32Array<ArrayBuffer>): readonly ScoreCount[] {
  const counts: ScoreCount[] = [];
  scores
    .toSorted()
    .reverse()
    .forEach((score, above) => {
      if (score !== counts.at(-1)?.score) counts.push({ score, above });
    });
  return counts;
}

/** Lowest threshold above which p-values are at most `targetFpr`. */
export function thresholdAt(targetFpr: number, { rows, scores, above }: Calibration): number {
  // By rounding, a product such as 0.05 * 20 may be just below the integer that it stands for.
  const allowed = Math.floor(targetFpr * (rows + 1) * (1 + Number.EPSILON)) - 1;
  return scores[above.findIndex((count) => count <= allowed)]!;
}

/** @throws {InputError} if there are too few validation rows for p-values as low as `targetFpr`. */
export function requireCalibrated(targetFpr: number | null, validationRows: number): void {
  const lowest = 1 / (validationRows + 1);
  if (targetFpr === null || targetFpr >= lowest) return;
  throw new InputError(
    `setting 'targetFpr': expected at least 1 / (validation rows + 1) = ${lowest.toPrecision(3)}, received ${targetFpr}; raise it or validationShare, or bring more rows`,
  );
}
