/** Evaluating a packaged model on rows: those that its training held out, or others. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../shared/errors.ts';
import type { Rows } from '../shared/tensor.ts';
import type { Artifact } from './artifact.ts';
import { type AnyRows, type Dataset, fingerprint, type Split, split } from './data/dataset.ts';
import { requireUsable } from './data/usable.ts';
import { baselinesOf } from './evaluate/baselines.ts';
import { evaluateModel } from './evaluate/evaluate.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { exportedMetrics, lossMetrics, lossValues } from './evaluate/metrics.ts';
import { type ColumnStatistics, featureStatistics } from './evaluate/statistics.ts';
import { variablesOf } from './graph/traverse.ts';
import { type Restored, restore } from './restore.ts';

export interface Evaluated {
  readonly rows: number;
  /**
   * By the names that the manifest has; without the loss where the graphs do not hold the weights as they were trained (in
   * float16, or with batch normalisation as part of them).
   */
  readonly metrics: Readonly<Record<string, number>>;
  /** The same for each baseline; popularity is that in the training rows, of other data in the rows themselves. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly evaluation: Evaluation;
}

/**
 * The metrics of a model and of its baselines on the rows that its training held out of `data`, or on all of them.
 * @throws {InputError} when rows have another number of columns or values that the model cannot take, or when `data` is not
 * what the model was trained on.
 */
export async function evaluateArtifact(
  artifact: Artifact,
  data: Dataset<Rows>,
  which: 'heldOut' | 'all',
): Promise<Evaluated> {
  const { manifest, graphs } = artifact;
  const { name, features, training } = manifest;
  if (data.rows.width !== features.count) {
    throw new InputError(
      `${data.source}: expected rows of ${features.count} columns for ${name}, received ${data.rows.width}`,
    );
  }
  const restored = restore(artifact);
  const { model, weights } = restored;
  requireUsable(data, model);
  const { train, test, labels } = which === 'all' ? allOf(data) : heldOut(artifact, restored, data);
  const hasWeights = variablesOf(Object.values(lossValues(restored))).every((each) => weights.has(each.name));
  const exported = (graph: 'encoder' | 'autoencoder') => ({
    model: graphs[graph],
    outputs: manifest.graphs[graph].outputs,
  });
  return {
    rows: test.rowCount,
    metrics: {
      ...(hasWeights ? await lossMetrics(test, restored) : {}),
      ...(await exportedMetrics(test, graphs, training.seed)),
    },
    baselines: await baselinesOf(model, { train, test, pca: await pcaOf(artifact), seed: training.seed }),
    evaluation: await evaluateModel({
      model,
      graphs: { encoder: exported('encoder'), autoencoder: exported('autoencoder') },
      test,
      labels,
      layout: data,
      // Of categories the manifest has none; the columns that they become have.
      statistics:
        features.columns === undefined ? (features.statistics as ColumnStatistics) : featureStatistics(train),
      seed: training.seed,
    }),
  };
}

async function pcaOf({ directory, manifest }: Artifact): Promise<Uint8Array | undefined> {
  return manifest.files['pca.onnx'] && readFile(join(directory, 'pca.onnx'));
}

interface Chosen {
  readonly train: AnyRows;
  readonly test: Rows;
  readonly labels: Split['testLabels'] | undefined;
}

/** A published test set where there is one: the rest may be what the model was trained on. */
function allOf({ rows, labels, test }: Dataset<Rows>): Chosen {
  if (test === undefined) return { train: rows, test: rows, labels };
  return { train: rows, test, labels: labels?.test && { classes: labels.classes, rows: labels.test } };
}

function heldOut({ manifest }: Artifact, { settings }: Restored, data: Dataset<Rows>): Chosen {
  const { fingerprint: expected, source } = manifest.data;
  const received = fingerprint(data);
  if (received !== expected) {
    throw new InputError(
      `${data.source}: expected the data that ${manifest.name} was trained on (${source}, fingerprint ${expected.slice(0, 12)}), received other rows (${received.slice(0, 12)}); give them with --data to evaluate on all of them`,
    );
  }
  const { validationShare: validation, testShare } = settings.training;
  const { train, test, testLabels } = split(data, { validation, test: testShare }, manifest.training.seed);
  return { train, test, labels: testLabels };
}
