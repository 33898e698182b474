/** Exports the graphs of an artifact from a trained model. */
import type { PerGraph, TensorSpec } from '../../shared/manifest.ts';
import type { FittedColumn } from '../data/preprocessing.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { type ModelOptions, toOnnx } from '../graph/onnx.ts';
import type { Input, Value, Weights } from '../graph/types.ts';
import { GraphError, input } from '../graph/value.ts';
import type { WeightType } from '../graph/weights/weightTypes.ts';
import { errorsOf, reconstructionOf, targetOf } from '../models/errors.ts';
import type { Autoencoder } from '../models/model.ts';
import { columnErrors, emitDecoding, emitEncoding, rawInputs } from '../preprocess/emit.ts';
import { foldConstants } from './foldConstants.ts';

export type ExportedGraphs = Readonly<PerGraph<ExportedGraph>>;

/**
 * Exports these graphs:
 * - encoder: `rows [N, features]` to `code [N, codeSize]`; for variational models to `mean` and
 *   `log_variance`
 * - decoder: `code`, and `condition [N, size]` for conditional models, to `reconstruction [N, target width]`
 * - autoencoder: `rows` to `reconstruction`, `error [N]` and `feature_error [N, target width]`. A feature's
 *   error is the squared difference, 0 if the feature is missing; a row's error is the mean over its present
 *   features. With a fitted scoring, also to `anomaly_score [N]` and
 *   `feature_anomaly_score [N, target width]`
 * - predict, with a fitted predictor: `rows` to `prediction [N, 1]`, or `[N, classes]` for a classifier
 * - reduce, with a fitted reduction: `code` to `coordinates_2d [N, 2]` and, if the code has at least three
 *   dimensions, `coordinates_3d [N, 3]`
 * - the model's heads
 *
 * With preprocessing, graphs take raw columns in place of `rows`, reconstructions are in their units, and
 * errors are those of the encoded numbers, summed over each column.
 *
 * Values that depend on the weights alone are computed here (`foldConstants`).
 */
export async function exportGraphs(
  model: Autoencoder,
  features: number,
  weights: Weights,
  weightType: WeightType = 'float32',
  columns?: readonly FittedColumn[],
): Promise<ExportedGraphs> {
  const raw = columns === undefined ? [input('rows', ['N', features])] : rawInputs(columns);
  const rows = columns === undefined ? raw[0]! : emitEncoding(columns, raw);
  const inUnits = (encoded: Value) => (columns === undefined ? encoded : emitDecoding(columns, encoded));
  const code = input('code', ['N', model.codeSize]);
  const condition = model.condition && input('condition', ['N', model.condition.size]);
  const reconstruction = reconstructionOf(model, rows);
  const { rowError, featureError } = errorsOf(reconstruction, targetOf(model, rows), model);
  const scores = model.scoring?.of(targetOf(model, rows), reconstruction);
  const ofColumns = (values: Value) => (columns === undefined ? values : columnErrors(columns, values));
  const graph = (name: string, inputs: readonly Input[], outputs: Readonly<Record<string, Value>>) =>
    exportGraph({ name, inputs, outputs, weights, weightType }, model.standIns);
  const heads: Record<string, ExportedGraph> = {};
  for (const [name, head] of Object.entries(model.heads ?? {})) {
    heads[name] = await graph(name, head.inputs, head.outputs);
  }
  return {
    encoder: await graph('encoder', raw, model.encoderOutputs?.(rows) ?? { code: model.encode(rows) }),
    decoder: await graph('decoder', [code, ...(condition ? [condition] : [])], {
      reconstruction: inUnits(model.decode(code, condition)),
    }),
    autoencoder: await graph('autoencoder', raw, {
      reconstruction: inUnits(reconstruction),
      error: rowError,
      feature_error: ofColumns(featureError),
      ...(scores && {
        anomaly_score: scores.score,
        feature_anomaly_score: ofColumns(scores.features),
      }),
    }),
    ...(model.prediction && {
      predict: await graph('predict', raw, { prediction: model.prediction.of(model.encode(rows)) }),
    }),
    ...(model.reduction && { reduce: await graph('reduce', [code], model.reduction(code)) }),
    ...heads,
  };
}

/** Exports one graph with its weights; values that depend on these alone are computed here. */
export async function exportGraph(
  { name, inputs, outputs, weights = new Map(), weightType = 'float32' }: ModelOptions,
  standIns?: Autoencoder['standIns'],
): Promise<ExportedGraph> {
  const folded = await foldConstants(outputs, weights, standIns);
  return {
    model: toOnnx({ name, inputs, ...folded, weightType }),
    inputs: inputs.map((each) => specOf(each.name, each)),
    outputs: Object.entries(outputs).map(([output, value]) => specOf(output, value)),
  };
}

function specOf(name: string, { dtype, shape }: Value): TensorSpec {
  if (dtype === 'bool') throw new GraphError(`'${name}': expected numbers to export, received booleans`);
  return { name, dtype, shape: [...shape] };
}
