/** Fitting predictors in the units of the target, and what comes of it. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Split } from '../data/split.ts';
import type { KnownRows } from '../evaluate/knownRows.ts';
import { matrixOf } from '../evaluate/outputs.ts';
import { classesIn, type Truth } from '../evaluate/truth.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { input, scalar } from '../graph/value.ts';
import { openNative } from '../inference.ts';
import type { Prediction } from '../models/model.ts';
import { keysOf } from '../registry.ts';
import type { Predictor } from './predictor.ts';
import { PREDICTORS, type PredictorName } from './registry.ts';

/**
 * Fits a predictor to codes and what is known of them. Numbers may be of any size: a regressor sees them from 0 to 1, and its
 * answers are scaled back. Every class has a row.
 */
export async function fitPredictor(
  name: PredictorName,
  { rows, answers }: KnownRows,
  { name: target, classes = [] }: Pick<Truth, 'name' | 'classes'>,
): Promise<Prediction> {
  const predictor: Predictor = PREDICTORS[name];
  if (predictor.kind === 'classifier')
    return { target, classes, span: 1, of: await predictor.fit(rows, answers, classes.length) };
  const { low, span } = rangeOf(answers);
  const predict = predictor.fit(
    rows,
    Float64Array.from(answers, (answer) => (answer - low) / span),
  );
  return { target, span, of: (code) => add(mul(predict(code), scalar(span)), scalar(low)) };
}

/** What is predicted for all codes at once. */
export async function predictions({ of }: Prediction, codes: Matrix): Promise<Matrix> {
  const code = input('code', ['N', codes.width]);
  const model = await openNative(
    toOnnx({ name: 'predictor', inputs: [code], outputs: { prediction: of(code) } }),
  );
  const { prediction } = await model.run(codes);
  await model.release();
  return matrixOf(prediction!, codes.rowCount);
}

interface Predictable extends Pick<Split, 'target' | 'trainLabels' | 'testLabels'> {
  readonly source: string;
  readonly train: { readonly rowCount: number };
}

/**
 * Finds out before training what would only fail after it.
 * @throws {InputError} when there is nothing to predict, or not of the kind that the predictor predicts, when it does not vary,
 * or when there are more rows than the predictor can be fitted to.
 */
export function requirePredictable(name: PredictorName, data: Predictable): void {
  const { maxRows = Number.POSITIVE_INFINITY, kind }: Predictor = PREDICTORS[name];
  const { rowCount } = data.train;
  if (rowCount > maxRows) {
    throw new InputError(
      `${data.source}: expected at most ${maxRows} rows to fit the predictor ${name} to, received ${rowCount}; take fewer, or another predictor`,
    );
  }
  REQUIRE[kind](name, data);
}

const REQUIRE: Readonly<Record<Predictor['kind'], (name: PredictorName, data: Predictable) => void>> = {
  regressor: (name, { source, target, trainLabels }) => {
    if (target === undefined) {
      throw new InputError(
        trainLabels === undefined
          ? `${source}: expected a target for the predictor ${name}, received none; give a column of numbers the role of a target`
          : `${source}: expected a target of numbers for the predictor ${name}, found ${trainLabels.classes.length} classes${ofColumn(trainLabels)}; take a predictor of classes (${namesOf('classifier')}), or give a column of numbers the role of a target`,
      );
    }
    requireTest(Array.from(target.test, Number.isNaN), source, target.name);
    if (!(rangeOf(target.train).span > 0)) {
      throw new InputError(
        `${source}: expected numbers that differ in the target ${target.name} of the training rows, found ${target.train[0]} throughout`,
      );
    }
  },
  classifier: (name, { source, target, trainLabels, testLabels }) => {
    if (trainLabels === undefined || testLabels === undefined) {
      throw new InputError(
        target === undefined
          ? `${source}: expected classes for the predictor ${name}, received none; give a column of categories the role of a target`
          : `${source}: expected classes for the predictor ${name}, found numbers in the target ${target.name}; take a predictor of numbers (${namesOf('regressor')}), or make categories of them with SQL`,
      );
    }
    requireTest(
      Array.from(testLabels.rows, (label) => label < 0),
      source,
      testLabels.name ?? 'label',
    );
    const found = classesIn(trainLabels);
    if (found.length > 1) return;
    throw new InputError(
      `${source}: expected at least two classes${ofColumn(trainLabels)} among the training rows, found ${found[0] ?? 'none'}`,
    );
  },
};

/** Of a predictor of which nothing can be measured nobody knows whether it is any good. */
function requireTest(unknown: readonly boolean[], source: string, what: string): void {
  if (unknown.includes(false)) return;
  throw new InputError(
    `${source}: expected a test row whose ${what} is known, found none; divide the rows in another way`,
  );
}

function ofColumn({ name }: { readonly name?: string }): string {
  return name === undefined ? '' : ` of ${name}`;
}

function namesOf(kind: Predictor['kind']): string {
  return keysOf(PREDICTORS)
    .filter((name) => PREDICTORS[name].kind === kind)
    .join(', ');
}

/** Of the values that are not missing; less than 0 wide where all are. */
export function rangeOf(targets: ArrayLike<number>): { low: number; span: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < targets.length; i++) {
    if (targets[i]! < low) low = targets[i]!;
    if (targets[i]! > high) high = targets[i]!;
  }
  return { low, span: high - low };
}
