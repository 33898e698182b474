/**
 * Alarms at a threshold, among rows whose class (anomaly or not) is known: rows with a higher score are
 * alarms.
 */

import { detectionMetrics } from './detection.ts';
import type { LabelledScores } from './labelledScores.ts';

export interface Alarms {
  /** Anomalies among the alarms, and all anomalies. */
  readonly found: number;
  readonly anomalies: number;
  /** Normal rows among the alarms, and all normal rows. */
  readonly falseAlarms: number;
  readonly others: number;
}

export function alarmsAt(threshold: number, { scores, classes }: LabelledScores): Alarms {
  let [found, anomalies, falseAlarms, others] = [0, 0, 0, 0];
  scores.forEach((score, row) => {
    const called = Number(score > threshold);
    if (classes[row] === 1) {
      anomalies++;
      found += called;
    } else {
      others++;
      falseAlarms += called;
    }
  });
  return { found, anomalies, falseAlarms, others };
}

/** Returns the alarms of all test rows; evaluations of earlier versions have only those of the rows they keep. */
export function alarmsOf(
  { alarms, ...kept }: LabelledScores & { readonly alarms?: Alarms | undefined },
  threshold: number,
): Alarms {
  return alarms ?? alarmsAt(threshold, kept);
}

/**
 * Metrics by standard name:
 * - `alarm-accuracy`: share of rows classified correctly
 * - `alarm-precision`: share of alarms that are anomalies; 1 if there are no alarms
 * - `alarm-recall`: share of anomalies that raise an alarm
 */
export function alarmMetrics({ found, anomalies, falseAlarms, others }: Alarms): Record<string, number> {
  const alarms = found + falseAlarms;
  return {
    'alarm-accuracy': (found + others - falseAlarms) / (anomalies + others),
    'alarm-precision': alarms === 0 ? 1 : found / alarms,
    'alarm-recall': found / anomalies,
  };
}

/**
 * Detection metrics over all thresholds and, if a threshold is given, of the alarms at it; empty without
 * labels.
 */
export function detectionAndAlarmMetrics(
  detected: LabelledScores | undefined,
  threshold?: number,
): Record<string, number> {
  if (detected === undefined) return {};
  return {
    ...detectionMetrics(detected.scores, detected.classes),
    ...(threshold !== undefined && alarmMetrics(alarmsAt(threshold, detected))),
  };
}
