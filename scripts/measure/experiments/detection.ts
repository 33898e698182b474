/** What finds anomalies, side by side: the mean and the deviation of every figure over the seeds. */
import type { Manifest } from '../../../shared/manifest.ts';
import { code, markdownTable } from '../markdown.ts';
import type { Experiment } from './experiment.ts';
import { type MeasuredRecord, RESULTS, readRecords, recordOf, type Spread } from './records.ts';
import { EXPERIMENTS } from './registry.ts';
import { spreadOf } from './spread.ts';

const METRICS = {
  'roc-auc': 'ROC AUC',
  'average-precision': 'average precision',
  'precision-at-n': 'precision@n',
} as const;

const CONTENDERS: Readonly<Record<string, string>> = {
  model: 'the model',
  untrained: 'the untrained network, judged alike',
  distance: 'distance from the mean, columns standardised',
  mahalanobis: 'Mahalanobis distance',
  'pca-half': 'PCA reconstruction, half the columns',
};

/** Of one run: every contender's figures. */
export type Detection = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** None where the experiment is of something else. */
export function detectionOf({ metric }: Experiment, { metrics, baselines }: Manifest): Detection | undefined {
  if (!(metric in METRICS)) return undefined;
  const all: Detection = { model: metrics, ...baselines };
  return Object.fromEntries(
    Object.keys(CONTENDERS).flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
  );
}

/** Over the runs; none where there are none. */
export function summarise(runs: readonly Detection[]): Record<string, Record<string, Spread>> | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const spread = (contender: string, metric: string) => spreadOf(runs.map((run) => run[contender]![metric]!));
  return Object.fromEntries(
    Object.keys(first).map((contender) => [
      contender,
      Object.fromEntries(Object.keys(METRICS).map((metric) => [metric, spread(contender, metric)])),
    ]),
  );
}

export function detectionTable(): string {
  const records = readRecords(RESULTS);
  const rows = Object.entries<Experiment>(EXPERIMENTS).flatMap(([name, experiment]) => {
    const record = recordOf(records, name, experiment);
    return record?.detection === undefined ? [] : rowsOf(name, record, record.detection);
  });
  return markdownTable(['experiment', 'found by', ...Object.values(METRICS)], rows);
}

function rowsOf(
  name: string,
  { seeds }: MeasuredRecord,
  detection: NonNullable<MeasuredRecord['detection']>,
): string[][] {
  return Object.entries(detection).map(([contender, figures], i) => [
    i === 0 ? `${code(name)}, ${seeds.length} seeds` : '',
    CONTENDERS[contender] ?? contender,
    ...Object.keys(METRICS).map((metric) => text(figures[metric]!)),
  ]);
}

function text({ mean, standardDeviation }: Spread): string {
  return `${mean.toFixed(3)} ± ${standardDeviation.toFixed(3)}`;
}
