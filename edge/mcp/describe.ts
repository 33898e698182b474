/** Descriptions of tools, made from the manifests of their models. */
import type { FeatureColumn } from '../../shared/features.ts';
import { imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import type { Operation } from '../requests/operation.ts';

/** Operations whose answers are as good as the metrics of the model say, and so have them in their description. */
const MEASURED: readonly OperationName[] = ['score', 'predict', 'recommend', 'forecast', 'reconstruct'];
/** Metrics that a description has; all of them, and those of baselines, are at `/v1/models/{name}`. */
const MOST_METRICS = 4;
/** Categories that a description names. */
const MOST_CATEGORIES = 50;

/** Returns what an operation of a model does, what its answers mean, and how good the model is. */
export function describeTool(manifest: Manifest, name: OperationName, { summary }: Operation): string {
  return [
    summary,
    modelSentence(manifest),
    ...(name === 'score' ? scoreSentences(manifest) : []),
    ...(name === 'predict' ? predictionSentences(manifest) : []),
    ...labelSentences(manifest),
    ...(MEASURED.includes(name) ? metricSentences(manifest) : []),
  ].join(' ');
}

/** Returns the unit, range and categories of the feature at a position, as far as they are known. */
export function describeFeature({ features }: Manifest, position: number): string {
  const { units, statistics, columns } = features;
  const [min, max, mean] = [statistics.min, statistics.max, statistics.mean].map((each) => each[position]);
  const unit = units?.[position];
  return [
    unit && `in ${unit}`,
    isNumber(min) && isNumber(max) && `${short(min)} to ${short(max)} in training`,
    isNumber(mean) && `mean ${short(mean)}`,
    categoriesOf(columns?.[position]),
    (columns?.[position]?.optional ?? features.optional) && 'may be left out',
  ]
    .filter(Boolean)
    .join('; ');
}

function categoriesOf(column: FeatureColumn | undefined): string | undefined {
  if (column?.type !== 'category' || column.categories === undefined) return undefined;
  const { categories } = column;
  const named = categories.slice(0, MOST_CATEGORIES).map((category) => JSON.stringify(category));
  const others = categories.length - named.length;
  return `one of ${named.join(', ')}${others > 0 ? ` and ${others} others` : ''}; any other is taken for a missing value`;
}

function modelSentence(manifest: Manifest): string {
  const { name, version, variant, features, data } = manifest;
  const image = imageRowsOf(manifest.features);
  const rows = image
    ? `rows are images of ${image.width} x ${image.height} pixels (${image.channels === 1 ? 'grayscale' : 'RGB'}), values from 0 to ${image.white}`
    : `rows have ${features.count} features`;
  const trained = data.rows.train > 0 ? `, trained on ${data.rows.train} rows` : '';
  return `Model ${name}, version ${version} (${variant}${trained}); ${rows}.`;
}

function scoreSentences({ reconstructionError, anomalyScore, metrics }: Manifest): string[] {
  const statistics = anomalyScore ?? reconstructionError;
  if (statistics === undefined) return [];
  const { threshold, quantiles } = statistics;
  const right = metrics['alarm-precision'];
  const basis = anomalyScore ? 'the anomaly score that the model computes' : 'the reconstruction error';
  return [
    `A score is ${basis}: 0 is ordinary, higher is more unusual, without an upper limit.`,
    `Rows above ${short(threshold)} are anomalies (isAnomaly); half of the training rows score below ${short(quantiles[50]!)}, 99 % below ${short(quantiles[99]!)}.`,
    'The confidence is how stable that verdict is, had the threshold come from other rows; it is not the probability of an anomaly.',
    ...(right === undefined
      ? []
      : [`Of the alarms for labelled test rows, ${short(100 * right)} % were right.`]),
  ];
}

function predictionSentences({ prediction }: Manifest): string[] {
  if (prediction === undefined) return [];
  const { target, predictor, classes } = prediction;
  const what = classes
    ? `the probability of each class: ${listed(classes)}`
    : `a number in the unit of ${target}`;
  return [`Predicts ${target} by ${predictor}: ${what}.`];
}

function labelSentences({ condition }: Manifest): string[] {
  return condition?.labels ? [`Labels: ${listed(condition.labels)}.`] : [];
}

function metricSentences({ metrics }: Manifest): string[] {
  const measured = Object.entries(metrics).slice(0, MOST_METRICS);
  if (measured.length === 0) return [];
  const figures = measured.map(([metric, value]) => `${metric} ${short(value)}`);
  return [`On rows kept for testing: ${figures.join('; ')}.`];
}

function listed(names: readonly string[]): string {
  const others = names.length - MOST_CATEGORIES;
  return `${names.slice(0, MOST_CATEGORIES).join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

function short(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
