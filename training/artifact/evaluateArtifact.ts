/** Evaluates a packaged model on its held-out rows, or on other rows. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { splitSeedOf } from '../../shared/splitSeed.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { AnyRows } from '../data/batches.ts';
import { type Dataset, fingerprint, type Target } from '../data/dataset.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { type PartTexts, partTexts } from '../data/rowNames.ts';
import { partsOf, type Split, splitDataset } from '../data/split.ts';
import { type ColumnStatistics, featureStatistics } from '../data/statistics.ts';
import { groundTruthOf } from '../estimators/groundTruth.ts';
import { baselinesOf } from '../evaluate/baselines/baselines.ts';
import { evaluateModel } from '../evaluate/evidence/evaluateModel.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { neighbourMetrics, neighboursOf } from '../evaluate/evidence/neighbours.ts';
import { judgedBy } from '../evaluate/metrics/judging.ts';
import { exportedMetrics, lossMetrics, lossValues } from '../evaluate/metrics/metrics.ts';
import { rowScores } from '../evaluate/metrics/reconstruction.ts';
import { requireUsable } from '../fitting/requireUsable.ts';
import { variablesOf } from '../graph/traverse.ts';
import type { NamedVariant } from '../models/variantChoice.ts';
import { encodedDataset } from '../preprocess/dataset.ts';
import { pickRaw } from '../preprocess/preprocessing.ts';
import { type Artifact, requireTrained } from './artifact.ts';
import { fittedColumns } from './describeFeatures.ts';
import { fittedRows } from './fittedRows.ts';
import { type RestoredModel, restoreModel } from './restoreModel.ts';

export interface Evaluated {
  readonly rows: number;
  /**
   * Metrics by the names of the manifest; without the loss if the graphs no longer hold all weights because
   * some were folded (with batch normalisation, for instance).
   */
  readonly metrics: Readonly<Record<string, number>>;
  /**
   * Metrics of each baseline. For the held-out rows, those that need a fit are the manifest's. For data other than the
   * training data, popularity is counted in the rows themselves.
   */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly evaluation: Evaluation;
  /**
   * Share of the rows that the model calls anomalies: its own score above its own threshold. Undefined for
   * recommenders, whose errors mean nothing.
   */
  readonly aboveThreshold: number | undefined;
}

/**
 * Metrics of a model and its baselines on the rows of `given` that training held out (`heldOut`), or on `all`
 * rows. Columns of a table are selected by name, and encoded by the transforms fitted to the training rows.
 * @throws {InputError} if the model was imported, if columns or values do not suit it or, for `heldOut`, if the model was trained
 * on other data.
 */
export async function evaluateArtifact(
  read: Artifact,
  given: Dataset<Rows>,
  which: 'heldOut' | 'all',
  variants: readonly NamedVariant[] = [],
): Promise<Evaluated> {
  const artifact = requireTrained(read);
  const { manifest, graphs } = artifact;
  const { features, training } = manifest;
  const data = asTrained(manifest, given);
  const restored = restoreModel(artifact, variants);
  const { model, weights } = restored;
  requireUsable(data, model);
  const { train, test, raw, rawTrain, labels, target, texts } =
    which === 'all' ? allOf(data) : heldOut(artifact, restored, data);
  const truth = groundTruthOf({ labels, target }, manifest.prediction?.classes);
  const hasWeights = variablesOf(Object.values(lossValues(restored))).every((each) => weights.has(each.name));
  const exported = (graph: 'encoder' | 'autoencoder') => ({
    model: graphs[graph],
    outputs: manifest.graphs[graph].outputs,
  });
  const { seed } = training;
  const { threshold } = judgedBy(manifest);
  const scores =
    graphs.recommend === undefined ? await rowScores(graphs.autoencoder, raw ?? test) : undefined;
  const neighbours = await neighboursOf(model, { train, test, weights, texts, seed });
  const found = neighbours && neighbourMetrics(neighbours, model.codeSize);
  const others = await baselinesOf(model, {
    ...{ train, test, pca: await pcaOf(artifact), shares: features.statistics.mean, seed },
    channels: features.rowShape[1],
  });
  for (const [projection, own] of Object.entries(found?.baselines ?? {}))
    others[projection] = { ...own, ...others[projection] };
  // Detectors and probes are fitted in training only. The rows are the same.
  for (const [baseline, own] of which === 'heldOut' ? Object.entries(manifest.baselines) : [])
    others[baseline] = { ...own, ...others[baseline] };
  return {
    aboveThreshold: scores && scores.filter((score) => score > threshold).length / scores.length,
    rows: test.rowCount,
    metrics: {
      ...found?.metrics,
      ...(hasWeights ? await lossMetrics(test, restored) : {}),
      ...(await exportedMetrics(graphs, {
        rows: raw ?? test,
        truth,
        predictor: manifest.prediction?.predictor,
        labels,
        threshold,
        shares: features.statistics.mean,
        seed,
      })),
    },
    baselines: others,
    evaluation: await evaluateModel({
      model,
      graphs: {
        encoder: exported('encoder'),
        autoencoder: exported('autoencoder'),
        predict: graphs.predict && { model: graphs.predict },
        recommend: graphs.recommend && { model: graphs.recommend },
      },
      test,
      raw,
      labels,
      threshold,
      truth,
      data: { ...data, ...(manifest.items && { items: manifest.items }) },
      // For a table, the statistics in the manifest are those of its columns, not of the rows that the model
      // sees.
      statistics:
        features.columns === undefined ? (features.statistics as ColumnStatistics) : featureStatistics(train),
      features: features.statistics,
      neighbours,
      train: rawTrain ?? train,
      texts,
      seed,
    }),
  };
}

/** The data as the model sees it: columns are encoded by the transforms fitted in training. */
function asTrained(manifest: Manifest, data: Dataset<Rows>): Dataset<Rows> {
  const { name, features } = manifest;
  const columns = fittedColumns(manifest);
  if (columns !== undefined) {
    if (data.preprocessing !== undefined) {
      return { ...data, ...encodedDataset(data.preprocessing.table, columns) };
    }
    throw new InputError(
      `${data.source}: expected a table with the columns of ${name} (${features.names!.join(', ')}), received rows of ${data.rows.width} numbers`,
    );
  }
  if (data.rows.width === features.count) return data;
  throw new InputError(
    `${data.source}: expected rows of ${features.count} columns for ${name}, received ${data.rows.width}`,
  );
}

async function pcaOf({ directory, manifest }: Artifact): Promise<Uint8Array | undefined> {
  return manifest.files['pca.onnx'] && readFile(join(directory, 'pca.onnx'));
}

interface EvaluationRows {
  readonly train: AnyRows;
  readonly test: Rows;
  /** The test rows in the form that the graphs take, if these preprocess columns. */
  readonly raw: Preprocessing | undefined;
  /** The training rows in that form. */
  readonly rawTrain: Preprocessing | undefined;
  readonly labels: Split['testLabels'] | undefined;
  readonly target: Omit<Target, 'test'> | undefined;
  readonly texts: PartTexts | undefined;
}

/** All rows or, if there is a published test set, only that: the model may be trained on the others. */
function allOf(data: Dataset<Rows>): EvaluationRows {
  const { rows, labels, target, test, preprocessing: raw } = data;
  if (test === undefined) {
    const every = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
    const texts = partTexts(data, { train: every, test: every });
    return { ...{ train: rows, test: rows, raw, rawTrain: raw }, ...{ labels, target, texts } };
  }
  return {
    train: rows,
    test,
    raw: undefined,
    rawTrain: undefined,
    texts: undefined,
    labels: labels?.test && { ...labels, rows: labels.test },
    target: target?.test && { name: target.name, rows: target.test },
  };
}

function heldOut({ manifest }: Artifact, { settings }: RestoredModel, data: Dataset<Rows>): EvaluationRows {
  const { fingerprint: expected, source } = manifest.data;
  const received = fingerprint(data);
  if (received !== expected) {
    throw new InputError(
      `${data.source}: expected the data that ${manifest.name} was trained on (${source}, fingerprint ${expected.slice(0, 12)}), received other rows (${received.slice(0, 12)}); give them with --data to evaluate on all of them`,
    );
  }
  const { validationShare: validation, testShare } = settings.training;
  const shares = { validation, test: testShare };
  const splitSeed = splitSeedOf(manifest);
  const all = { split: splitDataset(data, shares, splitSeed), parts: partsOf(data, shares, splitSeed) };
  // The rows that the figures of the artifact are of.
  const { split, parts } = fittedRows(data, all, manifest.training.seed);
  const { train, test, testLabels: labels, target } = split;
  const raw = (part: 'train' | 'test') => data.preprocessing && pickRaw(data.preprocessing, parts[part]);
  return {
    train,
    test,
    raw: raw('test'),
    rawTrain: raw('train'),
    texts: partTexts(data, parts),
    labels,
    target: target && { name: target.name, rows: target.test },
  };
}
