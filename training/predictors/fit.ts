/** Fitting predictors in the units of the target, and what comes of it. */
import { asMatrix, type Matrix } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import type { KnownRows } from '../estimators/knownRows.ts';
import type { Truth } from '../estimators/truth.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { input, scalar } from '../graph/value.ts';
import type { FittedPrediction } from '../models/model.ts';
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
): Promise<FittedPrediction> {
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
export async function predictions({ of }: FittedPrediction, codes: Matrix): Promise<Matrix> {
  const code = input('code', ['N', codes.width]);
  const model = await openNative(
    toOnnx({ name: 'predictor', inputs: [code], outputs: { prediction: of(code) } }),
  );
  const { prediction } = await model.run(codes);
  await model.release();
  return asMatrix(prediction!, codes.rowCount);
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
