/**
 * How much a code keeps of what is known beside the rows: how well a simple function of the code tells it, against the same
 * function of PCA's code and of all columns (Alain & Bengio, 2017).
 */
import { isSparse, type Rows } from '../../../shared/tensor.ts';
import type { Split } from '../../data/split.ts';
import { knownRows } from '../../estimators/knownRows.ts';
import { linearValues } from '../../estimators/linear.ts';
import { fitLogistic } from '../../estimators/logistic.ts';
import { type Pca, pcaCode } from '../../estimators/pca.ts';
import { rocAuc } from '../../estimators/scores.ts';
import { fitStandardised } from '../../estimators/standardised.ts';
import { classesIn, type Truth, truthOfLabels } from '../../estimators/truth.ts';
import type { FittedPrediction } from '../../models/model.ts';
import { fitPredictor, predictions, rangeOf } from '../../predictors/fit.ts';
import { PREDICTORS, type PredictorName } from '../../predictors/registry.ts';
import { columns, type Representation, representationOf } from '../representation.ts';
import { predictionMetrics } from './predicted.ts';

/** Of columns with each other, over all rows: a second or two for each of some ten steps. */
const MOST_PRODUCTS = 2e9;

export interface ProbeOptions {
  /** The model's codes. */
  readonly code: Representation;
  /** PCA's, where PCA is a baseline. */
  readonly pca: Pca | undefined;
  /** What is fitted beside, where the data has what it predicts. */
  readonly predictor: PredictorName | undefined;
}

type Metrics = Readonly<Record<string, number>>;

export interface Probed {
  /** `ridge-mae` where the data has a target, `logistic-roc-auc` where it has two classes, and those of the predictor. */
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** The predictor, fitted to the codes of the training rows. */
  readonly prediction: FittedPrediction | undefined;
}

/** Fits to the training rows and measures on the test rows; nothing where there is nothing to tell. */
export async function probe(split: Split<Rows>, { code, pca, predictor }: ProbeOptions): Promise<Probed> {
  const [target, labels, classes] = [targetOf(split), labelsOf(split, predictor), binaryClasses(split)];
  const questions: [PredictorName, Known][] = [];
  if (target !== undefined) questions.push(['ridge', target]);
  const asked = isClassifier(predictor) ? labels : target;
  if (predictor !== undefined && predictor !== 'ridge' && asked !== undefined)
    questions.push([predictor, asked]);
  if (questions.length === 0 && classes === undefined)
    return { metrics: {}, baselines: {}, prediction: undefined };

  const run = async (of: Representation) => {
    const metrics: Record<string, number> = {};
    const fitted = new Map<PredictorName, FittedPrediction>();
    for (const [name, known] of questions) {
      const { prediction, ...own } = await predicted(name, of, known);
      fitted.set(name, prediction);
      Object.assign(metrics, own.metrics);
    }
    return { metrics: { ...metrics, ...(classes && discriminated(of, classes)) }, fitted };
  };
  const { metrics, fitted } = await run(code);
  const baselines: Record<string, Metrics> = {};
  if (pca !== undefined) {
    const codes = await representationOf(split, (rows) => pcaCode(pca, rows));
    baselines.pca = (await run(codes)).metrics;
  }
  if (!isSparse(split.train)) baselines['all-columns'] = (await run(columns(split))).metrics;
  if (labels !== undefined) baselines['majority-class'] = majority(predictor!, labels);
  return { metrics, baselines, prediction: predictor && fitted.get(predictor) };
}

/** What is known of the rows of both parts. */
type Known = Readonly<Record<'train' | 'test', Truth>>;

async function predicted(name: PredictorName, of: Representation, { train, test }: Known) {
  const prediction = await fitPredictor(name, knownRows(of.train, train.rows), train);
  const { rows, answers: actual } = knownRows(of.test, test.rows);
  const { classes } = test;
  const metrics = predictionMetrics(name, {
    classes,
    actual,
    predicted: await predictions(prediction, rows),
  });
  return { metrics, prediction };
}

/** What comes of predicting for every row the shares that the classes have of the training rows. */
function majority(predictor: PredictorName, { train, test }: Known): Metrics {
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

/** None unless it differs between training rows, and is known of a test row. */
function targetOf({ target }: Split<Rows>): Known | undefined {
  if (target === undefined || Array.from(target.test).every(Number.isNaN)) return undefined;
  if (!(rangeOf(target.train).span > 0)) return undefined;
  const { name } = target;
  return { train: { name, rows: target.train }, test: { name, rows: target.test } };
}

/** The labels, where a classifier is asked for; its classes are those of the training rows. */
function labelsOf(
  { trainLabels, testLabels }: Split<Rows>,
  predictor: PredictorName | undefined,
): Known | undefined {
  if (!isClassifier(predictor) || trainLabels === undefined || testLabels === undefined) return undefined;
  const classes = classesIn(trainLabels);
  return { train: truthOfLabels(trainLabels, classes), test: truthOfLabels(testLabels, classes) };
}

function isClassifier(predictor: PredictorName | undefined): boolean {
  return predictor !== undefined && PREDICTORS[predictor].kind === 'classifier';
}

/** 0 or 1; none unless there are two classes, with rows of both in each part, or where they tell anomalies: those are found unseen. */
function binaryClasses({ trainLabels, testLabels }: Split<Rows>): Known | undefined {
  if (trainLabels?.classes.length !== 2 || trainLabels.anomalous !== undefined) return undefined;
  if (testLabels === undefined) return undefined;
  const { classes } = trainLabels;
  const [train, test] = [truthOfLabels(trainLabels, classes), truthOfLabels(testLabels, classes)];
  const both = [train, test].every(({ rows }) => [0, 1].every((k) => Array.from(rows).includes(k)));
  return both ? { train, test } : undefined;
}

function discriminated(of: Representation, { train, test }: Known): Metrics {
  const { rows, answers } = knownRows(of.train, train.rows, MOST_PRODUCTS / of.train.width ** 2);
  const model = fitStandardised(rows, (scaled) => fitLogistic(scaled, answers));
  const held = knownRows(of.test, test.rows);
  return { 'logistic-roc-auc': rocAuc(linearValues(model, held.rows), held.answers) };
}
