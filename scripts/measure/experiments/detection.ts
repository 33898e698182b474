/** Comparison of anomaly detectors: mean and standard deviation of every figure over the seeds. */
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
  untrained: 'the untrained network, joint score',
  distance: 'distance from the mean, columns standardised',
  mahalanobis: 'Mahalanobis distance',
  'pca-half': 'PCA reconstruction, half the columns',
  knn: 'distance to the 5th nearest row',
  'isolation-forest': 'isolation forest',
};

/** Figures of every contender in one run, by contender and metric. */
export type DetectionFigures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Returns the figures of a run; undefined if the experiment is not about anomalies. */
export function detectionOf(
  { metric }: Experiment,
  { metrics, baselines }: Manifest,
): DetectionFigures | undefined {
  if (!(metric in METRICS)) return undefined;
  const all: DetectionFigures = { model: metrics, ...baselines };
  return Object.fromEntries(
    Object.keys(CONTENDERS).flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
  );
}

/** Summarises the figures of several runs; undefined if there are none. */
export function summarise(
  runs: readonly DetectionFigures[],
): Record<string, Record<string, Spread>> | undefined {
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
