/**
 * Probes: simple functions fitted to the code, which show how well it predicts the target or the labels,
 * against the same functions of PCA's code and of all columns (Alain & Bengio, 2017).
 */
import { isSparse, type Rows } from '../../../shared/tensor.ts';
import type { Split } from '../../data/split.ts';
import { classesIn, type GroundTruth, groundTruthOfLabels } from '../../estimators/groundTruth.ts';
import { labelledRows } from '../../estimators/labelledRows.ts';
import { linearValues } from '../../estimators/linear.ts';
import { fitLogistic } from '../../estimators/logistic.ts';
import { type Pca, pcaCode } from '../../estimators/pca.ts';
import { rocAuc } from '../../estimators/scores.ts';
import { fitStandardised } from '../../estimators/standardise.ts';
import type { FittedPrediction } from '../../models/model.ts';
import { fitPredictor, predictAll, valueRange } from '../../predictors/fit.ts';
import { PREDICTORS, type PredictorName } from '../../predictors/registry.ts';
import { imputedRows, type Representation, representationOf } from '../representation.ts';
import type { MetricValues } from './metrics.ts';
import { predictionMetrics } from './predictions.ts';

/** Most products of two columns, over all rows: a second or two for each of about ten steps. */
const MOST_PRODUCTS = 2e9;

export interface ProbeOptions {
  /** The model's codes. */
  readonly code: Representation;
  /** PCA of the training rows, if it is a baseline. */
  readonly pca: Pca | undefined;
  /** Further predictor to fit, if the data has what it predicts. */
  readonly predictor: PredictorName | undefined;
}

export interface ProbeResult {
  /**
   * `ridge-mae` for data with a target, `logistic-roc-auc` for data with two classes, and metrics of the
   * predictor.
   */
  readonly metrics: MetricValues;
  readonly baselines: Readonly<Record<string, MetricValues>>;
  /** Predictor fitted to the codes of the training rows. */
  readonly prediction: FittedPrediction | undefined;
}

/**
 * Fits the probes to the training rows and measures them on the test rows; empty if nothing can be predicted.
 */
export async function probe(
  split: Split<Rows>,
  { code, pca, predictor }: ProbeOptions,
): Promise<ProbeResult> {
  const [target, labels, classes] = [targetTruth(split), labelTruth(split, predictor), binaryTruth(split)];
  const probes: [PredictorName, SplitTruth][] = [];
  if (target !== undefined) probes.push(['ridge', target]);
  const predictable = isClassifier(predictor) ? labels : target;
  if (predictor !== undefined && predictor !== 'ridge' && predictable !== undefined)
    probes.push([predictor, predictable]);
  if (probes.length === 0 && classes === undefined)
    return { metrics: {}, baselines: {}, prediction: undefined };

  const run = async (of: Representation) => {
    const metrics: Record<string, number> = {};
    const fitted = new Map<PredictorName, FittedPrediction>();
    for (const [name, truth] of probes) {
      const { prediction, ...own } = await fitAndMeasure(name, of, truth);
      fitted.set(name, prediction);
      Object.assign(metrics, own.metrics);
    }
    return { metrics: { ...metrics, ...(classes && discriminated(of, classes)) }, fitted };
  };
  const { metrics, fitted } = await run(code);
  const baselines: Record<string, MetricValues> = {};
  if (pca !== undefined) {
    const codes = await representationOf(split, (rows) => pcaCode(pca, rows));
    baselines.pca = (await run(codes)).metrics;
  }
  if (!isSparse(split.train)) baselines['all-columns'] = (await run(imputedRows(split))).metrics;
  if (labels !== undefined) baselines['majority-class'] = majority(predictor!, labels);
  return { metrics, baselines, prediction: predictor && fitted.get(predictor) };
}

/** True values for the training and the test rows. */
type SplitTruth = Readonly<Record<'train' | 'test', GroundTruth>>;

async function fitAndMeasure(name: PredictorName, of: Representation, { train, test }: SplitTruth) {
  const prediction = await fitPredictor(name, labelledRows(of.train, train.rows), train);
  const { rows, answers: actual } = labelledRows(of.test, test.rows);
  const { classes } = test;
  const metrics = predictionMetrics(name, {
    classes,
    actual,
    predicted: await predictAll(prediction, rows),
  });
  return { metrics, prediction };
}

/** Metrics of predicting, for every row, the frequencies of the classes in the training rows. */
function majority(predictor: PredictorName, { train, test }: SplitTruth): MetricValues {
  const classes = train.classes!;
  const known = Array.from(train.rows).filter((place) => !Number.isNaN(place));
  const shares = classes.map((_, k) => known.filter((place) => place === k).length / known.length);
  const actual = Array.from(test.rows).filter((place) => !Number.isNaN(place));
  const width = classes.length;
  const data = Float32Array.from({ length: actual.length * width }, (_, i) => shares[i % width]!);
  return predictionMetrics(predictor, {
    classes,
    actual,
    predicted: { data, rowCount: actual.length, width },
  });
}

/** Undefined unless the target varies over the training rows and is known for some test row. */
function targetTruth({ target }: Split<Rows>): SplitTruth | undefined {
  if (target === undefined || Array.from(target.test).every(Number.isNaN)) return undefined;
  if (!(valueRange(target.train).span > 0)) return undefined;
  const { name } = target;
  return { train: { name, rows: target.train }, test: { name, rows: target.test } };
}

/** Labels for a classifier, whose classes are those of the training rows; undefined for other predictors. */
function labelTruth(
  { trainLabels, testLabels }: Split<Rows>,
  predictor: PredictorName | undefined,
): SplitTruth | undefined {
  if (!isClassifier(predictor) || trainLabels === undefined || testLabels === undefined) return undefined;
  const classes = classesIn(trainLabels);
  return { train: groundTruthOfLabels(trainLabels, classes), test: groundTruthOfLabels(testLabels, classes) };
}

function isClassifier(predictor: PredictorName | undefined): boolean {
  return predictor !== undefined && PREDICTORS[predictor].kind === 'classifier';
}

/**
 * Labels of two classes, as 0 and 1. Undefined unless each part has rows of both, and for labels that mark
 * anomalies, which no probe may learn from.
 */
function binaryTruth({ trainLabels, testLabels }: Split<Rows>): SplitTruth | undefined {
  if (trainLabels?.classes.length !== 2 || trainLabels.anomalous !== undefined) return undefined;
  if (testLabels === undefined) return undefined;
  const { classes } = trainLabels;
  const [train, test] = [groundTruthOfLabels(trainLabels, classes), groundTruthOfLabels(testLabels, classes)];
  const both = [train, test].every(({ rows }) => [0, 1].every((k) => Array.from(rows).includes(k)));
  return both ? { train, test } : undefined;
}

function discriminated(of: Representation, { train, test }: SplitTruth): MetricValues {
  const { rows, answers } = labelledRows(of.train, train.rows, MOST_PRODUCTS / of.train.width ** 2);
  const model = fitStandardised(rows, (scaled) => fitLogistic(scaled, answers));
  const known = labelledRows(of.test, test.rows);
  return { 'logistic-roc-auc': rocAuc(linearValues(model, known.rows), known.answers) };
}
