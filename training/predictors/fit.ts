/** Fitting predictors in the units of the target, and what comes of it. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Split } from '../data/split.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { input, scalar } from '../graph/value.ts';
import { openNative } from '../inference.ts';
import type { Prediction } from '../models/model.ts';
import type { Predictor } from './predictor.ts';
import { PREDICTORS, type PredictorName } from './registry.ts';

/**
 * Fits a predictor to codes and their targets, which may be of any size: it sees them from 0 to 1, and its answers are
 * scaled back.
 */
export function fitPredictor(name: PredictorName, codes: Matrix, targets: ArrayLike<number>): Prediction {
  const { low, span } = rangeOf(targets);
  const predict = PREDICTORS[name].fit(
    codes,
    Float64Array.from(targets, (target) => (target - low) / span),
  );
  return { span, of: (code) => add(mul(predict(code), scalar(span)), scalar(low)) };
}

/** What is predicted for all codes at once. */
export async function predictions({ of }: Prediction, codes: Matrix): Promise<Float32Array> {
  const code = input('code', ['N', codes.width]);
  const model = await openNative(
    toOnnx({ name: 'predictor', inputs: [code], outputs: { prediction: of(code) } }),
  );
  const { prediction } = await model.run(codes);
  await model.release();
  return prediction!;
}

/**
 * Finds out before training what would only fail after it.
 * @throws {InputError} when there is no target, one that does not vary, or more rows than the predictor can be fitted to.
 */
export function requirePredictable(
  name: PredictorName,
  { source, target, train }: Pick<Split, 'target'> & { source: string; train: { rowCount: number } },
): void {
  const { maxRows = Number.POSITIVE_INFINITY }: Predictor = PREDICTORS[name];
  if (target === undefined)
    throw new InputError(
      `${source}: expected a target for the predictor ${name}, received none; give a column of numbers the role of a target`,
    );
  if (train.rowCount > maxRows) {
    throw new InputError(
      `${source}: expected at most ${maxRows} rows to fit the predictor ${name} to, received ${train.rowCount}; take fewer, or another predictor`,
    );
  }
  if (!(rangeOf(target.train).span > 0)) {
    throw new InputError(
      `${source}: expected numbers that differ in the target ${target.name} of the training rows, found ${target.train[0]} throughout`,
    );
  }
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
