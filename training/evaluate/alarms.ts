/** How well errors above a threshold tell rows that are out of the ordinary. */
import type { Labels } from '../data/dataset.ts';
import { rocAuc } from './scores.ts';

type Known = Pick<Labels, 'classes' | 'ordinary' | 'rows'>;

/** 1 for each row that is out of the ordinary, 0 for others; undefined where nobody says what is ordinary. */
export function outOfTheOrdinary({ classes, ordinary, rows }: Known): Uint8Array | undefined {
  if (ordinary === undefined) return undefined;
  const label = classes.indexOf(ordinary);
  return Uint8Array.from(rows, (own) => Number(own !== label));
}

/**
 * Of alarms for rows of an error above the threshold: `alarm-accuracy`, the share of rows that are told right;
 * `alarm-precision`, of the alarms, the share that is right; `alarm-recall`, of the rows that are out of the ordinary, the share
 * with an alarm; and `alarm-roc-auc`, whatever the threshold.
 */
export function alarmMetrics(
  errors: Float32Array,
  isOut: Uint8Array,
  threshold: number,
): Record<string, number> {
  const isAlarm = Uint8Array.from(errors, (error) => Number(error > threshold));
  const counts = [0, 0, 0, 0];
  isOut.forEach((out, row) => {
    counts[2 * out + isAlarm[row]!]!++;
  });
  const [quiet, wrong, missed, right] = counts as [number, number, number, number];
  return {
    'alarm-accuracy': (quiet + right) / errors.length,
    // Of no alarms, none is wrong.
    'alarm-precision': right + wrong === 0 ? 1 : right / (right + wrong),
    'alarm-recall': right / (right + missed),
    'alarm-roc-auc': rocAuc(errors, isOut),
  };
}
