/** Fitting predictors in the units of the target, and what comes of it. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Split } from '../data/dataset.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { input, scalar } from '../graph/value.ts';
import { openNative } from '../inference.ts';
import type { Autoencoder } from '../models/model.ts';
import type { Predict, Predictor } from './predictor.ts';
import { PREDICTORS, type PredictorName } from './registry.ts';

/**
 * Fits a predictor to codes and their targets, which may be of any size: it sees them from 0 to 1, and its answers are
 * scaled back.
 */
export function fitPredictor(name: PredictorName, codes: Matrix, targets: ArrayLike<number>): Predict {
  const { low, span } = rangeOf(targets);
  const predict = PREDICTORS[name].fit(
    codes,
    Float64Array.from(targets, (target) => (target - low) / span),
  );
  return (code) => add(mul(predict(code), scalar(span)), scalar(low));
}

/** The model with a graph `predict`, rows `[N, features]` to `prediction` `[N, 1]`; as it is where nothing was fitted. */
export function withPredictions(
  model: Autoencoder,
  features: number,
  predict: Predict | undefined,
): Autoencoder {
  if (predict === undefined) return model;
  const rows = input('rows', ['N', features]);
  const outputs = { prediction: predict(model.encode(rows)) };
  return {
    ...model,
    heads: { ...model.heads, predict: { inputs: [rows], outputs } },
  };
}

/** What is predicted for all codes at once. */
export async function predictions(predict: Predict, codes: Matrix): Promise<Float32Array> {
  const code = input('code', ['N', codes.width]);
  const model = await openNative(
    toOnnx({ name: 'predictor', inputs: [code], outputs: { prediction: predict(code) } }),
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
    throw new InputError(`${source}: expected a target for the predictor ${name}, received none`);
  if (train.rowCount > maxRows) {
    throw new InputError(
      `${source}: expected at most ${maxRows} rows to fit the predictor ${name} to, received ${train.rowCount}; take fewer, or another predictor`,
    );
  }
  if (!(rangeOf(target.train).span > 0)) {
    throw new InputError(
      `${source}: expected values that differ in the target ${target.name}, found ${target.train[0]} throughout`,
    );
  }
}

function rangeOf(targets: ArrayLike<number>): { low: number; span: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < targets.length; i++) {
    low = Math.min(low, targets[i]!);
    high = Math.max(high, targets[i]!);
  }
  return { low, span: high - low };
}
