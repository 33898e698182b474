/** Predictors fitted and evaluated in the units of the target. */
import { asMatrix, type Matrix } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import type { GroundTruth } from '../estimators/groundTruth.ts';
import type { LabelledRows } from '../estimators/labelledRows.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { input, scalar } from '../graph/value.ts';
import type { FittedPrediction } from '../models/model.ts';
import type { Predictor } from './predictor.ts';
import { PREDICTORS, type PredictorName } from './registry.ts';

/**
 * Fits a predictor to codes with known answers. A regressor sees targets scaled to [0, 1], and its answers
 * are scaled back. For a classifier, every class must occur.
 */
export async function fitPredictor(
  name: PredictorName,
  { rows, answers }: LabelledRows,
  { name: target, classes = [] }: Pick<GroundTruth, 'name' | 'classes'>,
): Promise<FittedPrediction> {
  const predictor: Predictor = PREDICTORS[name];
  if (predictor.kind === 'classifier')
    return { target, classes, span: 1, of: await predictor.fit(rows, answers, classes.length) };
  const { low, span } = valueRange(answers);
  const predict = predictor.fit(
    rows,
    Float64Array.from(answers, (answer) => (answer - low) / span),
  );
  return { target, span, of: (code) => add(mul(predict(code), scalar(span)), scalar(low)) };
}

/** Runs the predictor on all codes: `[N, 1]` or `[N, classes]`. */
export async function predictAll({ of }: FittedPrediction, codes: Matrix): Promise<Matrix> {
  const code = input('code', ['N', codes.width]);
  const model = await openNative(
    toOnnx({ name: 'predictor', inputs: [code], outputs: { prediction: of(code) } }),
  );
  const { prediction } = await model.run(codes);
  await model.release();
  return asMatrix(prediction!, codes.rowCount);
}

/** Lowest value and span of the values that are not NaN; the span is -Infinity if all are NaN. */
export function valueRange(targets: ArrayLike<number>): { low: number; span: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < targets.length; i++) {
    if (targets[i]! < low) low = targets[i]!;
    if (targets[i]! > high) high = targets[i]!;
  }
  return { low, span: high - low };
}
