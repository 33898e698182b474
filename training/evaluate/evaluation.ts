/** Collecting what a report shows of a trained model, from its exported graphs and some test rows. */
import type { FeatureStatistics } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../data/dataset.ts';
import { toOnnx } from '../graph/onnx.ts';
import type { Variable } from '../graph/types.ts';
import { input, sizeOf } from '../graph/value.ts';
import { type ExportedGraph, targetOf } from '../graphs.ts';
import type { Autoencoder } from '../models/model.ts';
import type { Evaluation, Impostors } from '../report/evaluation.ts';
import { codeFigures, codeScatter } from './codes.ts';
import { layersOf } from './layers.ts';
import { matrixOf, outputsOf } from './outputs.ts';
import { rowErrors } from './reconstruction.ts';
import { rounded, roundedAll } from './rounding.ts';
import { auroc, noiseRows, shuffledRows } from './specificity.ts';

export interface EvaluationOptions {
  readonly model: Autoencoder;
  readonly graphs: {
    readonly encoder: Pick<ExportedGraph, 'model' | 'outputs'>;
    readonly autoencoder: Pick<ExportedGraph, 'model'>;
  };
  readonly test: Matrix;
  /** One per test row. */
  readonly labels?: readonly string[] | undefined;
  readonly rowShape: readonly number[];
  /** Of the training rows. */
  readonly statistics: FeatureStatistics;
  readonly seed: number;
}

const MAX_ROWS = 2000;
/** Values of rows or of codes that are worked on at once: 16 MiB. */
const MAX_VALUES = 2 ** 22;
const MAX_EXAMPLES = 12;
/** Values of all examples that are kept, of each kind. */
const MAX_EXAMPLE_VALUES = 2 ** 17;

export async function evaluateModel(options: EvaluationOptions): Promise<Evaluation> {
  const { model, graphs, labels, rowShape, statistics, seed } = options;
  const rows = sampleOf(options.test, Math.max(options.test.width, model.codeSize));
  const outputs = await outputsOf(graphs.autoencoder.model, rows);
  const errors = outputs.error!;
  const reconstruction = matrixOf(outputs.reconstruction!, rows.rowCount);
  const target = await targetsOf(model, rows);
  const code = (await outputsOf(graphs.encoder.model, rows))[graphs.encoder.outputs[0]!.name]!;
  const codes = matrixOf(code, rows.rowCount);
  const { width } = target;
  const told = async (impostors: Matrix): Promise<Impostors> => {
    const own = await rowErrors(graphs.autoencoder.model, impostors);
    return { errors: figures(own), auroc: auroc(errors, own) };
  };
  return {
    rows: rows.rowCount,
    layers: diagram(model, rows.width),
    targetShape: width === sizeOf(rowShape) ? [...rowShape] : [width],
    examples: exampleRows(errors, width).map((row) => ({
      target: roundedAll(rowOf(target, row)),
      reconstruction: roundedAll(rowOf(reconstruction, row)),
      error: rounded(errors[row]!, 4) ?? 0,
      label: labels?.[row] ?? null,
    })),
    featureErrors:
      width > MAX_EXAMPLE_VALUES
        ? null
        : roundedAll(columnMeans(matrixOf(outputs.feature_error!, rows.rowCount))),
    code: codeFigures(codes),
    scatter: { ...(await codeScatter(codes)), labels: labels?.slice(0, rows.rowCount) ?? null },
    errors: figures(errors),
    specificity: {
      noise: await told(noiseRows(rows, statistics, seed)),
      shuffled: await told(shuffledRows(rows, seed)),
    },
  };
}

/** The first rows, as many as the figures take. */
function sampleOf(test: Matrix, widest: number): Matrix {
  const rowCount = Math.min(test.rowCount, MAX_ROWS, Math.max(1, Math.floor(MAX_VALUES / widest)));
  for (const first of batches(test, rowCount)) return first;
  throw new Error('there are no test rows');
}

/** What the model is to reconstruct of the rows. */
async function targetsOf(model: Autoencoder, rows: Matrix): Promise<Matrix> {
  if (model.target === undefined) return rows;
  const whole = input('rows', ['N', rows.width]);
  const graph = toOnnx({ name: 'target', inputs: [whole], outputs: { target: targetOf(model, whole) } });
  return matrixOf((await outputsOf(graph, rows)).target!, rows.rowCount);
}

function diagram(model: Autoencoder, features: number): Evaluation['layers'] {
  const rows = input('rows', ['N', features]);
  const code = input('code', ['N', model.codeSize]);
  const counted = new Set<Variable>();
  const encoded = Object.values(model.encoderOutputs?.(rows) ?? { code: model.encode(rows) });
  return {
    encoder: layersOf(rows, encoded, counted),
    decoder: layersOf(code, [model.decode(code)], counted),
  };
}

/** Row numbers at even steps from the smallest error to the largest. */
function exampleRows(errors: Float32Array, width: number): number[] {
  const count = Math.min(MAX_EXAMPLES, errors.length, Math.floor(MAX_EXAMPLE_VALUES / width));
  const order = Array.from(errors.keys()).sort((a, b) => errors[a]! - errors[b]! || a - b);
  const step = (errors.length - 1) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => order[Math.round(i * step)]!);
}

function rowOf({ data, width }: Matrix, row: number): Float32Array {
  return data.subarray(row * width, (row + 1) * width);
}

function columnMeans({ data, rowCount, width }: Matrix): Float64Array {
  const means = new Float64Array(width);
  for (let i = 0; i < data.length; i++) means[i % width]! += data[i]! / rowCount;
  return means;
}

function figures(errors: Float32Array): number[] {
  return Array.from(errors, (error) => rounded(error, 4) ?? 0);
}
