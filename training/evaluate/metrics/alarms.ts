/** What a threshold makes of rows that are known to be anomalies or not: rows of a higher score are alarms. */
import type { Detected } from './detected.ts';
import { detectionMetrics } from './detection.ts';

export interface Alarms {
  /** Anomalies among the alarms, and all there are. */
  readonly found: number;
  readonly anomalies: number;
  /** Other rows among the alarms, and all there are. */
  readonly falseAlarms: number;
  readonly others: number;
}

export function alarmsAt(threshold: number, { scores, classes }: Detected): Alarms {
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

/**
 * - `alarm-accuracy`: the share of rows that are told right
 * - `alarm-precision`: of the alarms, the share that is right; 1 where there are none
 * - `alarm-recall`: of the anomalies, the share that is found
 */
export function alarmMetrics({ found, anomalies, falseAlarms, others }: Alarms): Record<string, number> {
  const alarms = found + falseAlarms;
  return {
    'alarm-accuracy': (found + others - falseAlarms) / (anomalies + others),
    'alarm-precision': alarms === 0 ? 1 : found / alarms,
    'alarm-recall': found / anomalies,
  };
}

/** At all thresholds and, where one is given, of alarms at that one; none where nothing is known. */
export function detectedMetrics(detected: Detected | undefined, threshold?: number): Record<string, number> {
  if (detected === undefined) return {};
  return {
    ...detectionMetrics(detected.scores, detected.classes),
    ...(threshold !== undefined && alarmMetrics(alarmsAt(threshold, detected))),
  };
}
