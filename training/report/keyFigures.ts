/**
 * Key figures: quality of the model, comparison with a baseline, recognition of its data, cost of smaller
 * weights.
 */
import { baselineName, metricName, pcaCopies } from '../../shared/figureNames.ts';
import type { Manifest, TrainedManifest } from '../../shared/manifest.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { NEAREST } from '../evaluate/metrics/nearest.ts';
import { detectionFigures } from './detectionFigures.ts';
import { count, figure, percent, smallPercent, VECTOR_BYTES, worsening } from './format.ts';
import type { KeyFigure } from './keyFigure.ts';
import { rankingFigures } from './rankingFigures.ts';

/** Rows that figures are of: those that training held out, those that it used, or others. */
export type MeasuredRows = 'held out' | 'trained on' | 'others';

interface MeasuredText {
  /** Of what an error is. */
  readonly short: string;
  readonly long: (count: string, noun: 'rows' | 'users') => string;
}

const MEASURED: Readonly<Record<MeasuredRows, MeasuredText>> = {
  'held out': { short: 'test rows', long: (count, noun) => `${count} ${noun} not seen in training` },
  'trained on': {
    short: 'training data',
    long: (count, noun) => `the ${count} ${noun} of the training data, most of which the model has seen`,
  },
  others: { short: 'these rows', long: (count, noun) => `the ${count} ${noun} given` },
};

/** The manifest, with names for the rows that its figures are of. */
interface Measured {
  readonly manifest: TrainedManifest;
  readonly short: string;
  /** `rows` is their number, that of the manifest by default. */
  readonly long: (noun: 'rows' | 'users', rows?: number) => string;
}

export function keyFigures(
  manifest: TrainedManifest,
  { specificity: impostors, neighbours, detection, units }: Evaluation,
  measured: MeasuredRows = 'held out',
): readonly KeyFigure[] {
  const { short, long } = MEASURED[measured];
  const of: Measured = {
    ...{ manifest, short },
    long: (noun, rows = (manifest.data.sampled ?? manifest.data.rows).test) => long(count(rows), noun),
  };
  return [
    ...detectionFigures(manifest, { detection, rows: of.long('rows'), areOthers: measured === 'others' }),
    ...taskFigures(of, impostors, neighbours),
    ...unitFigures(of, units),
    ...weightFigures(manifest),
  ];
}

function taskFigures(
  of: Measured,
  impostors: Evaluation['specificity'],
  neighbours: Evaluation['neighbours'],
): readonly KeyFigure[] {
  if (neighbours !== null) return neighbourFigures(of, neighbours);
  return impostors === null ? rankingFigures(of.manifest, of.long('users')) : errorFigures(of, impostors);
}

/** Empty if codes have no units. */
function unitFigures({ manifest, long }: Measured, units: Evaluation['units']): readonly KeyFigure[] {
  if (units === null) return [];
  const { metrics, codeSize } = manifest;
  const { rows, dead } = units;
  return [
    {
      name: 'units in use',
      value: percent(1 - dead / codeSize),
      meaning: `of ${count(codeSize)}, each by some of ${count(rows)} rows; ${figure(metrics.l0!)} are active in a row on average, and explain ${percent(metrics['explained-variance']!)} of the variance, over ${long('rows')}`,
    },
  ];
}

/** Empty if weights are float32. */
function weightFigures({ weights }: Manifest): readonly KeyFigure[] {
  if (weights === undefined) return [];
  const { type, metric, float32, stored, relativeChange, tolerance } = weights;
  return [
    {
      name: `weights as ${type}`,
      value: worsening(relativeChange),
      meaning: `than with float32 weights: ${metricName(metric)} on the original test rows is ${figure(stored)} instead of ${figure(float32)}; up to ${smallPercent(tolerance)} worse is allowed`,
    },
  ];
}

function errorFigures(
  { manifest, short, long }: Measured,
  { shuffled, noise }: NonNullable<Evaluation['specificity']>,
): readonly KeyFigure[] {
  const { metrics, baselines, features } = manifest;
  // An autoencoder has to beat PCA or, if PCA does not apply, the untrained network. With as many components
  // as there are columns, PCA merely copies.
  const baseline = baselines.pca === undefined || pcaCopies(baselines) ? 'untrained' : 'pca';
  const against = baselineName(baseline, manifest);
  const { mse } = metrics;
  const other = baselines[baseline]!.mse!;
  const isBetter = mse! <= other;
  const value = features.columns === undefined ? 'value' : 'encoded number';
  return [
    {
      name: `error on ${short}`,
      value: figure(mse!),
      meaning: `mean squared error per ${value}, over ${long('rows')}`,
    },
    {
      name: baseline === 'pca' ? 'against PCA' : 'against the untrained network',
      value: isBetter ? `${percent(1 - mse! / other)} lower` : `${figure(mse! / other)} times`,
      meaning: isBetter
        ? `than the error of ${against}, which is ${figure(other)}`
        : `the error of ${against}, which is ${figure(other)}`,
    },
    {
      name: 'data recognised',
      value: percent(shuffled.auroc),
      meaning: `probability that an impostor row with shuffled columns has a larger error than a test row; ${percent(noise.auroc)} for noise, 50 % would be chance`,
    },
  ];
}

function neighbourFigures(
  { manifest, long }: Measured,
  { queries, indexed, int8 }: NonNullable<Evaluation['neighbours']>,
): readonly KeyFigure[] {
  const { metrics, baselines, codeSize, features } = manifest;
  const own = metrics['recall@10']!;
  const [[name, best]] = Object.entries(baselines)
    .flatMap(([name, { 'recall@10': recall }]) => (recall === undefined ? [] : [[name, recall] as const]))
    .sort(([, a], [, b]) => b - a) as [[string, number]];
  const [before, after] = [features.count, codeSize].map(VECTOR_BYTES.float32) as [number, number];
  return [
    {
      name: 'recall@10',
      value: percent(own),
      meaning: `of the ${NEAREST} nearest of ${count(indexed)} other rows are among the ${NEAREST} nearest by code, over ${long('rows', queries)}`,
    },
    {
      name: 'against the best baseline',
      value: `${own < best ? '' : '+'}${(100 * (own - best)).toFixed(1)} points`,
      meaning: `of recall@10: that of ${baselineName(name, manifest)} is ${percent(best)}`,
    },
    {
      name: 'size of a vector',
      value: `${figure(Number((before / after).toPrecision(3)))} times smaller`,
      meaning: `${count(codeSize)} dimensions in place of ${count(features.count)}: ${count(after)} bytes in place of ${count(before)}; as int8 ${count(VECTOR_BYTES.int8(codeSize))} bytes, with a recall@10 of ${percent(int8)}`,
    },
  ];
}
