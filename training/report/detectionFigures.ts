/** Key figures about baselines that do better, and about the detection of anomalies. */
import type { TrainedManifest } from '../../shared/manifest.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import type { Alarms } from '../evaluate/metrics/alarms.ts';
import { judgedBy } from '../evaluate/metrics/judging.ts';
import { beatenBy, beatenText } from './beatenBy.ts';
import { count, finePercent, percent, smallPercent } from './format.ts';
import type { KeyFigure } from './keyFigure.ts';
import { tuneCommand } from './tuneCommand.ts';

/** Factor between the shares of anomalies and of alarms from which the setting is pointed out. */
const FAR = 2;

export interface DetectedRows {
  readonly detection: Evaluation['detection'];
  /** The rows that the figures are of, such as `600 rows not seen in training`. */
  readonly rows: string;
  /** True if they are no rows of the training data, whose share of anomalies a setting should follow. */
  readonly areOthers: boolean;
}

/** Figures of baselines are empty unless one is better, those of detection unless labels mark anomalies. */
export function detectionFigures(
  manifest: TrainedManifest,
  { detection, rows, areOthers }: DetectedRows,
): readonly KeyFigure[] {
  const better = beatenBy(manifest);
  const { 'roc-auc': area, 'average-precision': precision } = manifest.metrics;
  const alarms = detection?.alarms;
  return [
    ...(better === undefined
      ? []
      : [
          {
            name: `baselines that ${better.does}`,
            value: `${better.better.length} of ${better.compared}`,
            meaning: `${beatenText(better, manifest)}: ${tuneCommand(manifest, better.by)}`,
          },
        ]),
    ...(area === undefined || precision === undefined
      ? []
      : [
          {
            name: 'anomaly ROC AUC',
            value: finePercent(area),
            meaning: `probability that an anomaly has a higher score than a normal row, over ${rows}; the average precision is ${finePercent(precision)}`,
          },
        ]),
    ...(alarms === undefined ? [] : [alarmFigure(alarms, areOthers ? '' : settingText(manifest, alarms))]),
  ];
}

function alarmFigure({ found, anomalies, falseAlarms }: Alarms, setting: string): KeyFigure {
  const alarms = found + falseAlarms;
  const right =
    alarms === 0
      ? 'there is no alarm'
      : `${count(alarms)} ${alarms === 1 ? 'alarm' : 'alarms'}, ${percent(found / alarms)} of them right`;
  return {
    name: 'found at the threshold',
    value: `${count(found)} of ${count(anomalies)}`,
    meaning: `anomalies: ${right}${setting}`,
  };
}

/** Empty if the threshold is set for about as many alarms as there are anomalies, or by a false positive rate. */
function settingText(manifest: TrainedManifest, { anomalies, others }: Alarms): string {
  const { contamination, targetFpr } = judgedBy(manifest);
  const share = anomalies / (anomalies + others);
  if (targetFpr !== undefined || Math.max(share / contamination, contamination / share) < FAR) return '';
  const better = Math.min(0.5, Number(share.toPrecision(2)));
  const change =
    share < contamination
      ? 'fewer alarms and perhaps fewer anomalies'
      : 'more alarms and perhaps more anomalies';
  return `; ${smallPercent(share)} of the rows are anomalies, but the threshold is set for alarms on ${smallPercent(contamination)}: --set contamination=${better} sets it for their share, with ${change} found`;
}
