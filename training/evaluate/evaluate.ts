/** Collecting what a report shows of a trained model, from its exported graphs and some test rows. */
import type { Matrix, Rows } from '../../shared/tensor.ts';
import { batches, type Labels } from '../data/dataset.ts';
import type { Variable } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import type { ExportedGraph } from '../graphs.ts';
import type { Autoencoder } from '../models/model.ts';
import { codesOf } from './code.ts';
import { codeDimensions, codeScatter } from './codeDimensions.ts';
import type { Evaluation, Impostors } from './evaluation.ts';
import { examplesOf, MAX_EXAMPLE_VALUES } from './examples.ts';
import { layersOf } from './layers.ts';
import { matrixOf, outputsOf } from './outputs.ts';
import { rowErrors } from './reconstruction.ts';
import { rounded, roundedAll } from './rounding.ts';
import { impostorAuc, noiseRows, shuffledRows } from './specificity.ts';
import type { ColumnStatistics } from './statistics.ts';
import { type Layout, targetForm, targetsOf } from './target.ts';

export interface EvaluationOptions {
  readonly model: Autoencoder;
  readonly graphs: Record<'encoder' | 'autoencoder', Pick<ExportedGraph, 'model' | 'outputs'>>;
  readonly test: Rows;
  /** Of the test rows. */
  readonly labels?: Omit<Labels, 'test'> | undefined;
  readonly layout: Layout;
  /** Of the training rows. */
  readonly statistics: ColumnStatistics;
  readonly seed: number;
}

const MAX_ROWS = 2000;
/** Values of rows or of codes that are worked on at once: 16 MiB. */
const MAX_VALUES = 2 ** 22;

export async function evaluateModel(options: EvaluationOptions): Promise<Evaluation> {
  const { model, graphs, labels, layout } = options;
  const rows = sampleOf(options.test, Math.max(options.test.width, model.codeSize));
  const label = (row: number) => labels?.classes[labels.rows[row]!] ?? null;
  const codes = await codesOf(graphs.encoder, rows);
  const width = graphs.autoencoder.outputs[0]!.shape[1] as number;
  return {
    rows: rows.rowCount,
    layers: diagram(model, rows.width),
    target: targetForm(model, layout, options.statistics, width),
    // A recommender's reconstructions are shares of items: they rank, and are no nearer to 1 for being right.
    ...(model.heads?.recommend === undefined ? await reconstructed(options, rows, label) : RANKED),
    code: codeDimensions(codes),
    scatter: {
      ...(await codeScatter(codes)),
      labels: labels === undefined ? null : Array.from({ length: rows.rowCount }, (_, row) => label(row)),
    },
  };
}

type Reconstructed = Pick<Evaluation, 'examples' | 'featureErrors' | 'errors' | 'specificity'>;

const RANKED: Reconstructed = { examples: [], featureErrors: null, errors: null, specificity: null };

async function reconstructed(
  { model, graphs, statistics, seed }: EvaluationOptions,
  rows: Matrix,
  label: (row: number) => string | null,
): Promise<Reconstructed> {
  const autoencoder = graphs.autoencoder.model;
  const { error: errors, feature_error } = await outputsOf(autoencoder, rows);
  const featureErrors = matrixOf(feature_error!, rows.rowCount);
  const told = async (impostors: Matrix): Promise<Impostors> => {
    const own = await rowErrors(autoencoder, impostors);
    return { errors: figures(own), auroc: impostorAuc(errors!, own) };
  };
  return {
    examples: await examplesOf({ model, autoencoder, rows, errors: errors!, label, seed }),
    featureErrors:
      featureErrors.width > MAX_EXAMPLE_VALUES
        ? null
        : roundedAll(columnMeans(featureErrors, await targetsOf(model, rows))),
    errors: figures(errors!),
    specificity: {
      noise: await told(noiseRows(rows, statistics, seed)),
      shuffled: await told(shuffledRows(rows, seed)),
    },
  };
}

/** The first rows, as many as the figures take. */
function sampleOf(test: Rows, widest: number): Matrix {
  const rowCount = Math.min(test.rowCount, MAX_ROWS, Math.max(1, Math.floor(MAX_VALUES / widest)));
  for (const first of batches(test, rowCount)) return first;
  throw new Error('there are no test rows');
}

function diagram(model: Autoencoder, features: number): Evaluation['layers'] {
  const rows = input('rows', ['N', features]);
  const code = input('code', ['N', model.codeSize]);
  const condition = model.condition && input('condition', ['N', model.condition.size]);
  const counted = new Set<Variable>();
  const encoded = Object.values(model.encoderOutputs?.(rows) ?? { code: model.encode(rows) });
  return {
    encoder: layersOf(rows, encoded, counted),
    decoder: layersOf(code, [model.decode(code, condition)], counted),
  };
}

/** Over the rows in which the column's target is not missing. */
function columnMeans({ data, width }: Matrix, target: Matrix): Float64Array {
  const sums = new Float64Array(width);
  const counts = new Uint32Array(width);
  data.forEach((error, i) => {
    if (Number.isNaN(target.data[i])) return;
    sums[i % width]! += error;
    counts[i % width]!++;
  });
  return sums.map((sum, column) => sum / counts[column]!);
}

function figures(errors: Float32Array): number[] {
  return Array.from(errors, (error) => rounded(error, 4) ?? 0);
}
