/**
 * How much a code keeps of what is known beside the rows: how well a simple function of the code tells it, against the same
 * function of PCA's code and of all columns (Alain & Bengio, 2017).
 */
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import { type AnyRows, takeRows } from '../data/batches.ts';
import type { Split } from '../data/split.ts';
import type { Prediction } from '../models/model.ts';
import { fitPredictor, predictions, rangeOf } from '../predictors/fit.ts';
import type { PredictorName } from '../predictors/registry.ts';
import { linearValues } from './linear.ts';
import { fitLogistic } from './logistic.ts';
import { type Pca, pcaCode } from './pca.ts';
import { type Representation, representationOf } from './representation.ts';
import { meanAbsoluteError, rocAuc } from './scores.ts';
import { fitStandardised } from './standardised.ts';
import { featureStatistics } from './statistics.ts';

/** Of columns with each other, over all rows: a second or two for each of some ten steps. */
const MOST_PRODUCTS = 2e9;

export interface ProbeOptions {
  /** The model's codes. */
  readonly code: Representation;
  /** PCA's, where PCA is a baseline. */
  readonly pca: Pca | undefined;
  /** What is fitted beside ridge regression, where the data has a target. */
  readonly predictor: PredictorName | undefined;
}

export interface Probed {
  /** `ridge-mae` and that of the predictor where the data has a target, `logistic-roc-auc` where it has two classes. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The predictor, fitted to the codes of the training rows. */
  readonly prediction: Prediction | undefined;
}

/** Fits to the training rows and measures on the test rows; nothing where the data has neither target nor two classes. */
export async function probe(split: Split<Rows>, options: ProbeOptions): Promise<Probed> {
  const { code, pca, predictor } = options;
  const [target, classes] = [usable(split.target), binaryClasses(split)];
  if (target === undefined && classes === undefined)
    return { metrics: {}, baselines: {}, prediction: undefined };
  const figures = async (of: Representation) => {
    const { metrics, prediction } = target
      ? await predicted(of, target, predictor)
      : { prediction: undefined };
    return { metrics: { ...metrics, ...(classes && classified(of, classes)) }, prediction };
  };
  const { metrics, prediction } = await figures(code);
  const baselines: Record<string, Record<string, number>> = {};
  if (pca !== undefined) {
    const codes = await representationOf(split, (rows) => pcaCode(pca, rows));
    baselines.pca = (await figures(codes)).metrics;
  }
  if (!isSparse(split.train)) baselines['all-columns'] = (await figures(columns(split))).metrics;
  return { metrics, baselines, prediction };
}

/** Of every row what is known beside it; NaN where it is not. */
type Answers = Readonly<Record<'train' | 'test', ArrayLike<number>>>;

async function predicted(of: Representation, answers: Answers, predictor: PredictorName | undefined) {
  const [train, test] = [known(of.train, answers.train), known(of.test, answers.test)];
  const metrics: Record<string, number> = {};
  let prediction: Prediction | undefined;
  for (const name of new Set<PredictorName>(['ridge', ...(predictor === undefined ? [] : [predictor])])) {
    const fitted = fitPredictor(name, train.rows, train.answers);
    metrics[`${name}-mae`] = meanAbsoluteError(await predictions(fitted, test.rows), test.answers);
    if (name === predictor) prediction = fitted;
  }
  return { metrics, prediction };
}

/** None unless it differs between training rows, and is known of a test row. */
function usable(target: Answers | undefined): Answers | undefined {
  if (target === undefined || Array.from(target.test).every(Number.isNaN)) return undefined;
  return rangeOf(target.train).span > 0 ? target : undefined;
}

/** 0 or 1; none unless there are two classes, with rows of both in each part. */
function binaryClasses({ trainLabels, testLabels }: Split<Rows>): Answers | undefined {
  if (trainLabels?.classes.length !== 2 || testLabels === undefined) return undefined;
  const [train, test] = [trainLabels, testLabels].map(({ rows }) =>
    Array.from(rows, (label) => (label < 0 ? Number.NaN : label)),
  ) as [number[], number[]];
  const both = [train, test].every((labels) => labels.includes(0) && labels.includes(1));
  return both ? { train, test } : undefined;
}

function classified(of: Representation, answers: Answers): Record<string, number> {
  const train = known(of.train, answers.train, MOST_PRODUCTS / of.train.width ** 2);
  const test = known(of.test, answers.test);
  const model = fitStandardised(train.rows, (rows) => fitLogistic(rows, train.answers));
  return { 'logistic-roc-auc': rocAuc(linearValues(model, test.rows), test.answers) };
}

/** The rows with an answer, every so many-th of them where all would take longer than some seconds to fit to. */
function known(rows: Matrix, answers: ArrayLike<number>, most = Number.POSITIVE_INFINITY) {
  const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row).filter(
    (row) => !Number.isNaN(answers[row]!),
  );
  const step = Math.max(1, Math.ceil(all.length / most));
  const indices = all.filter((_, i) => i % step === 0);
  return { rows: takeRows(rows, indices), answers: Array.from(indices, (row) => answers[row]!) };
}

/** The rows as they are, with the mean of the training rows where a value is missing. */
function columns({ train, test }: Split<Rows>): Representation {
  const { mean } = featureStatistics(train);
  const filled = (rows: AnyRows): Matrix => {
    const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
    const matrix = takeRows(rows as Matrix, all);
    const data = matrix.data.map((value, i) => (Number.isNaN(value) ? mean[i % rows.width]! : value));
    return { ...matrix, data };
  };
  return { train: filled(train), test: filled(test) };
}
