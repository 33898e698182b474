/** The graphs of an artifact, cut from a trained model. */
import type { PerGraph, TensorSpec } from '../shared/manifest.ts';
import { toOnnx, type Weights, type WeightType } from './graph/onnx.ts';
import { sub } from './graph/ops/arithmetic.ts';
import { reduceMean } from './graph/ops/mean.ts';
import { square } from './graph/ops/powers.ts';
import type { Input, Value } from './graph/types.ts';
import { input } from './graph/value.ts';
import type { Autoencoder } from './models/model.ts';

/** A serialised graph with the types of its inputs and outputs. */
export interface ExportedGraph {
  readonly model: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export type ExportedGraphs = Readonly<PerGraph<ExportedGraph>>;

/**
 * - encoder: `rows [N, features]` to `code [N, codeSize]`; a variational one to `mean` and `log_variance`
 * - decoder: `code` to `reconstruction [N, target width]`
 * - autoencoder: `rows` to `reconstruction`, `error [N]` and `feature_error [N, target width]`, where the error of a
 *   feature is the squared difference and the error of a row is its mean
 * - the model's heads
 */
export function exportGraphs(
  model: Autoencoder,
  features: number,
  weights: Weights,
  weightType: WeightType = 'float32',
): ExportedGraphs {
  const rows = input('rows', ['N', features]);
  const code = input('code', ['N', model.codeSize]);
  const reconstruction = model.decode(model.encode(rows));
  const featureError = square(sub(reconstruction, targetOf(model, rows)));
  const graph = (
    name: string,
    inputs: readonly Input[],
    outputs: Readonly<Record<string, Value>>,
  ): ExportedGraph => ({
    model: toOnnx({ name, inputs, outputs, weights, weightType }),
    inputs: inputs.map((each) => specOf(each.name, each)),
    outputs: Object.entries(outputs).map(([output, value]) => specOf(output, value)),
  });
  const heads = Object.entries(model.heads ?? {}).map(([name, head]) => {
    return [name, graph(name, head.inputs, head.outputs)] as const;
  });
  return {
    encoder: graph('encoder', [rows], model.encoderOutputs?.(rows) ?? { code: model.encode(rows) }),
    decoder: graph('decoder', [code], { reconstruction: model.decode(code) }),
    autoencoder: graph('autoencoder', [rows], {
      reconstruction,
      error: reduceMean(featureError, [1]),
      feature_error: featureError,
    }),
    ...Object.fromEntries(heads),
  };
}

/** What a model reconstructs of its rows. */
export function targetOf({ target }: Autoencoder, rows: Value): Value {
  return target === undefined ? rows : target(rows);
}

function specOf(name: string, { dtype, shape }: Value): TensorSpec {
  return { name, dtype, shape: [...shape] };
}
