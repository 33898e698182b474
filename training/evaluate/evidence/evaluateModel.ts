/** Collecting what a report shows of a trained model, from its exported graphs and some test rows. */
import type { FeatureStatistics } from '../../../shared/features.ts';
import { asMatrix, type Matrix, type Rows } from '../../../shared/tensor.ts';
import { batches } from '../../data/batches.ts';
import type { Dataset, Labels } from '../../data/dataset.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import type { GroundTruth } from '../../estimators/groundTruth.ts';
import type { ExportedGraph } from '../../graph/exportedGraph.ts';
import type { Variable } from '../../graph/types.ts';
import { input } from '../../graph/value.ts';
import type { Autoencoder } from '../../models/model.ts';
import { pickRaw } from '../../preprocess/preprocessing.ts';
import { codesOf } from '../code.ts';
import { detectedOf } from '../metrics/detected.ts';
import { guesses, predictedOf } from '../metrics/predicted.ts';
import { rowErrors, rowScores } from '../metrics/reconstruction.ts';
import { type GraphRows, outputsOf } from '../outputs.ts';
import { codeDimensions, codeScatter } from './codeDimensions.ts';
import { layersOf } from './diagramLayers.ts';
import type { Evaluation, Impostors } from './evaluation.ts';
import { MAX_EXAMPLE_VALUES } from './examples.ts';
import { type Form, numbersForm, tableForm } from './form.ts';
import { impostorAuc } from './impostorRows.ts';
import { recommendationsFor } from './recommendations.ts';
import { rounded, roundedAll } from './rounding.ts';
import type { Layout } from './target.ts';

export interface EvaluationOptions {
  readonly model: Autoencoder;
  readonly graphs: EvaluatedGraphs;
  /** As the model sees them. */
  readonly test: Rows;
  /** The same rows as the graphs take them, where these preprocess columns of a table. */
  readonly raw?: Preprocessing | undefined;
  /** Of the test rows. */
  readonly labels?: Omit<Labels, 'test'> | undefined;
  /** Of the test rows: what the model predicts, where it is known. */
  readonly truth?: GroundTruth | undefined;
  readonly layout: Layout & Pick<Dataset, 'roles' | 'featureNames' | 'itemTitles'>;
  /** Of the training rows, as the model sees them. */
  readonly statistics: ColumnStatistics;
  /** Of the training rows, as the graphs take them. */
  readonly features: FeatureStatistics;
  readonly seed: number;
}

type EvaluatedGraphs = Record<'encoder' | 'autoencoder', Pick<ExportedGraph, 'model' | 'outputs'>> & {
  readonly predict?: Pick<ExportedGraph, 'model'> | undefined;
  readonly recommend?: Pick<ExportedGraph, 'model'> | undefined;
};

const MAX_ROWS = 2000;
/** Values of rows or of codes that are worked on at once: 16 MiB. */
const MAX_VALUES = 2 ** 22;

export async function evaluateModel(options: EvaluationOptions): Promise<Evaluation> {
  const { model, graphs, raw, labels, layout, features } = options;
  const rows = sampleOf(options.test, Math.max(options.test.width, model.codeSize));
  const label = (row: number) => labels?.classes[labels.rows[row]!] ?? null;
  const width = graphs.autoencoder.outputs[0]!.shape[1] as number;
  const first = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
  const form =
    raw === undefined
      ? await numbersForm({ ...options, rows, width })
      : tableForm({ ...options, rows, width }, pickRaw(raw, first), features);
  const codes = await codesOf(graphs.encoder, form.rows);
  const predicted = await predictedOf(graphs.predict?.model, form.rows, options.truth);
  const detected =
    labels?.anomalous && detectedOf(await rowScores(graphs.autoencoder.model, form.rows), labels);
  return {
    rows: rows.rowCount,
    layers: diagram(model, rows.width),
    target: form.target,
    // A recommender's reconstructions are shares of items: they rank, and are no nearer to 1 for being right.
    ...(model.heads?.recommend === undefined
      ? await reconstructed(graphs.autoencoder.model, form, label)
      : RANKED),
    prediction:
      predicted === undefined
        ? null
        : {
            target: predicted.target,
            classes: predicted.classes === undefined ? null : [...predicted.classes],
            actual: figures(predicted.actual),
            predicted: figures(guesses(predicted)),
          },
    detection:
      detected === undefined
        ? null
        : {
            labelName: labels?.name ?? null,
            scores: figures(detected.scores),
            classes: [...detected.classes],
          },
    recommendations:
      graphs.recommend === undefined
        ? null
        : await recommendationsFor({
            recommend: graphs.recommend.model,
            test: options.test,
            titleOf: (item) => (layout.itemTitles ?? layout.featureNames)?.[item] ?? `item ${item}`,
            seed: options.seed,
          }),
    ignored: (layout.roles ?? [])
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

type Reconstructed = Pick<Evaluation, 'examples' | 'featureErrors' | 'errors' | 'specificity'>;

const RANKED: Reconstructed = { examples: [], featureErrors: null, errors: null, specificity: null };

async function reconstructed(
  autoencoder: Uint8Array,
  form: Form,
  label: (row: number) => string | null,
): Promise<Reconstructed> {
  const { error: errors, feature_error } = await outputsOf(autoencoder, form.rows);
  const featureErrors = asMatrix(feature_error!, errors!.length);
  const told = async (impostors: GraphRows): Promise<Impostors> => {
    const own = await rowErrors(autoencoder, impostors);
    return { errors: figures(own), auroc: impostorAuc(errors!, own) };
  };
  return {
    examples: await form.examples({ autoencoder, errors: errors!, label }),
    featureErrors:
      featureErrors.width > MAX_EXAMPLE_VALUES ? null : roundedAll(columnMeans(featureErrors, form.counted)),
    errors: figures(errors!),
    specificity: { noise: await told(form.noise), shuffled: await told(form.shuffled) },
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

/** Over the rows in which the column is not missing. */
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
