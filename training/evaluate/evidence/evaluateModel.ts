/** Collects what a report shows of a trained model, from its exported graphs and some test rows. */
import type { FeatureStatistics } from '../../../shared/features.ts';
import { asMatrix, type Matrix, type Rows } from '../../../shared/tensor.ts';
import { batcher } from '../../data/batches.ts';
import type { Dataset, Labels } from '../../data/dataset.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import type { PartTexts } from '../../data/rowNames.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import type { ExportedGraph } from '../../graph/exportedGraph.ts';
import type { Variable } from '../../graph/types.ts';
import { input } from '../../graph/value.ts';
import type { Autoencoder } from '../../models/model.ts';
import { pickRaw } from '../../preprocess/preprocessing.ts';
import { codesOf } from '../code.ts';
import { alarmsAt } from '../metrics/alarms.ts';
import { labelledScores } from '../metrics/labelledScores.ts';
import { knownPredictions, pointPredictions } from '../metrics/predictions.ts';
import { rowErrors, rowScores } from '../metrics/reconstruction.ts';
import { type GraphRows, outputsOf } from '../outputs.ts';
import { codeDimensions, codeScatter } from './codeDimensions.ts';
import { layersOf } from './diagramLayers.ts';
import { type EvaluatedRows, numericRows, tableRows } from './evaluatedRows.ts';
import type { Evaluation, Impostors } from './evaluation.ts';
import { MAX_EXAMPLE_VALUES } from './examples.ts';
import { impostorAuc } from './impostorRows.ts';
import { recommendationsFor } from './recommendations.ts';
import { rounded, roundedAll } from './rounding.ts';
import { sampledRows } from './sampledRows.ts';
import type { RowDescription } from './target.ts';
import { unitsOf } from './units.ts';

export interface EvaluationOptions {
  readonly model: Autoencoder;
  readonly graphs: EvaluatedGraphs;
  /** Test rows as the model sees them. */
  readonly test: Rows;
  /** The same rows in the form that the graphs take, if these preprocess the columns of a table. */
  readonly raw?: Preprocessing | undefined;
  /** Labels of the test rows. */
  readonly labels?: Omit<Labels, 'test'> | undefined;
  /** Score above which a row is an alarm. */
  readonly threshold: number;
  /** True values of what the model predicts for the test rows, if known. */
  readonly truth?: GroundTruth | undefined;
  readonly data: RowDescription & Pick<Dataset, 'roles' | 'items'>;
  /** Statistics of the training rows as the model sees them. */
  readonly statistics: ColumnStatistics;
  /** Statistics of the training rows in the form that the graphs take. */
  readonly features: FeatureStatistics;
  /** The measure of `neighboursOf`. */
  readonly neighbours: Evaluation['neighbours'];
  /** Training rows in the form that the graphs take. */
  readonly train: GraphRows;
  /** Texts of the rows, if there are any. */
  readonly texts: PartTexts | undefined;
  readonly seed: number;
}

type EvaluatedGraphs = Record<'encoder' | 'autoencoder', Pick<ExportedGraph, 'model' | 'outputs'>> & {
  readonly predict?: Pick<ExportedGraph, 'model'> | undefined;
  readonly recommend?: Pick<ExportedGraph, 'model'> | undefined;
};

const MAX_ROWS = 2000;
/** Most values of rows or codes held at once: 16 MiB. */
const MAX_VALUES = 2 ** 22;

export async function evaluateModel(options: EvaluationOptions): Promise<Evaluation> {
  const { model, graphs, raw, data, features, threshold, seed } = options;
  const most = mostRows(Math.max(options.test.width, model.codeSize));
  const chosen = sampledRows(options.test.rowCount, most, options.labels, seed);
  const labels = options.labels && { ...options.labels, rows: valuesAt(options.labels.rows, chosen) };
  const truth = options.truth && { ...options.truth, rows: valuesAt(options.truth.rows, chosen) };
  const rows = denseRows(options.test, chosen);
  const label = (row: number) => labels?.classes[labels.rows[row]!] ?? null;
  const width = graphs.autoencoder.outputs[0]!.shape[1] as number;
  const evaluated =
    raw === undefined
      ? await numericRows({ ...options, rows, width })
      : tableRows({ ...options, rows, width }, pickRaw(raw, chosen), features);
  const codes = await codesOf(graphs.encoder, evaluated.rows);
  const predicted = await knownPredictions(graphs.predict?.model, evaluated.rows, truth);
  const scores =
    labels?.anomalous && (await rowScores(graphs.autoencoder.model, options.raw ?? options.test));
  const all = scores && labelledScores(scores, options.labels);
  const detected = scores && labelledScores(valuesAt(scores, chosen), labels);
  return {
    rows: rows.rowCount,
    layers: diagram(model, rows.width),
    target: evaluated.target,
    // A recommender reconstructs shares of items, which only rank them: errors mean nothing.
    ...(model.heads?.recommend === undefined
      ? await reconstructionEvidence(graphs.autoencoder.model, evaluated, label)
      : NO_RECONSTRUCTION),
    prediction:
      predicted === undefined
        ? null
        : {
            target: predicted.target,
            classes: predicted.classes === undefined ? null : [...predicted.classes],
            actual: figures(predicted.actual),
            predicted: figures(pointPredictions(predicted)),
          },
    detection:
      all === undefined || detected === undefined
        ? null
        : {
            labelName: labels?.name ?? null,
            scores: figures(detected.scores),
            classes: [...detected.classes],
            alarms: alarmsAt(threshold, all),
          },
    recommendations:
      graphs.recommend === undefined
        ? null
        : await recommendationsFor({
            recommend: graphs.recommend.model,
            test: options.test,
            titleOf: (item) => data.items?.titles?.[item] ?? data.featureNames?.[item] ?? `item ${item}`,
            seed: options.seed,
          }),
    neighbours: options.neighbours,
    units: model.hasUnits ? await unitsOf(graphs.encoder, options.train, options.texts) : null,
    ignored: (data.roles ?? [])
      .filter(({ role }) => role === 'ignored')
      .map(({ name, reason }) => ({ name, reason })),
    code: codeDimensions(codes),
    scatter: {
      ...(await codeScatter(codes)),
      labels: labels === undefined ? null : Array.from({ length: rows.rowCount }, (_, row) => label(row)),
      labelName: labels?.name ?? null,
    },
  };
}

type ReconstructionEvidence = Pick<
  Evaluation,
  'examples' | 'featureErrors' | 'errors' | 'scores' | 'specificity'
>;

const NO_RECONSTRUCTION: ReconstructionEvidence = {
  examples: [],
  featureErrors: null,
  errors: null,
  scores: null,
  specificity: null,
};

async function reconstructionEvidence(
  autoencoder: Uint8Array,
  { rows, examples, counted, noise, shuffled }: EvaluatedRows,
  label: (row: number) => string | null,
): Promise<ReconstructionEvidence> {
  const { error: errors, feature_error, anomaly_score: scores } = await outputsOf(autoencoder, rows);
  const featureErrors = asMatrix(feature_error!, errors!.length);
  const measured = async (impostors: GraphRows): Promise<Impostors> => {
    const own = await rowErrors(autoencoder, impostors);
    return { errors: figures(own), auroc: impostorAuc(errors!, own) };
  };
  return {
    examples: await examples({ autoencoder, errors: errors!, label }),
    featureErrors:
      featureErrors.width > MAX_EXAMPLE_VALUES ? null : roundedAll(columnMeans(featureErrors, counted)),
    errors: figures(errors!),
    scores: scores === undefined ? null : figures(scores),
    specificity: { noise: await measured(noise), shuffled: await measured(shuffled) },
  };
}

/** Most rows that the report uses; `widest` is the larger of row width and code size. */
function mostRows(widest: number): number {
  return Math.min(MAX_ROWS, Math.max(1, Math.floor(MAX_VALUES / widest)));
}

function denseRows(test: Rows, chosen: Uint32Array): Matrix {
  return batcher(test, chosen.length)(chosen);
}

function valuesAt(values: ArrayLike<number>, rows: Uint32Array): number[] {
  return Array.from(rows, (row) => values[row]!);
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

/** Mean of each column over the rows in which it is not missing (NaN in `counted`). */
function columnMeans({ data, width }: Matrix, counted: Matrix): Float64Array {
  const sums = new Float64Array(width);
  const counts = new Uint32Array(width);
  data.forEach((error, i) => {
    if (Number.isNaN(counted.data[i])) return;
    sums[i % width]! += error;
    counts[i % width]!++;
  });
  return sums.map((sum, column) => sum / counts[column]!);
}

function figures(errors: ArrayLike<number>): number[] {
  return Array.from(errors, (error) => rounded(error, 4) ?? 0);
}
