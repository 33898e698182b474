/** Evaluating a packaged model on rows: those that its training held out, or others. */
import { InputError } from '../shared/errors.ts';
import type { Matrix } from '../shared/tensor.ts';
import type { Artifact } from './artifact.ts';
import { type Dataset, fingerprint, split } from './data/dataset.ts';
import { evaluateModel } from './evaluate/evaluation.ts';
import { metricsOn } from './package.ts';
import type { Evaluation } from './report/evaluation.ts';
import { type Restored, restore } from './restore.ts';

export interface Evaluated {
  readonly rows: number;
  /** By the names that the manifest has. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly evaluation: Evaluation;
}

/**
 * The metrics of a model on the rows that its training held out of `data`, or on all of them.
 * @throws {InputError} when rows have another number of columns, or when `data` is not what the model was trained on.
 */
export async function evaluateArtifact(
  artifact: Artifact,
  data: Dataset,
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
  const { test, labels } = which === 'all' ? allOf(data) : heldOut(artifact, restored, data);
  const { encoder, autoencoder } = graphs;
  const { outputs } = manifest.graphs.encoder;
  const evaluation = await evaluateModel({
    model: restored.model,
    graphs: { encoder: { model: encoder, outputs }, autoencoder: { model: autoencoder } },
    test,
    labels,
    rowShape: features.rowShape,
    statistics: features.statistics,
    seed: training.seed,
  });
  return { rows: test.rowCount, metrics: await metricsOn(test, restored, autoencoder), evaluation };
}

interface Labelled {
  readonly test: Matrix;
  readonly labels: readonly string[] | undefined;
}

/** A published test set where there is one: the rest may be what the model was trained on. */
function allOf({ rows, labels, test, testLabels }: Dataset): Labelled {
  return test === undefined ? { test: rows, labels } : { test, labels: testLabels };
}

function heldOut({ manifest }: Artifact, { settings }: Restored, data: Dataset): Labelled {
  const { fingerprint: expected, source } = manifest.data;
  const received = fingerprint(data);
  if (received !== expected) {
    throw new InputError(
      `${data.source}: expected the data that ${manifest.name} was trained on (${source}, fingerprint ${expected.slice(0, 12)}), received other rows (${received.slice(0, 12)}); give them with --data to evaluate on all of them`,
    );
  }
  const { validationShare: validation, testShare } = settings.training;
  const { test, testLabels } = split(data, { validation, test: testShare }, manifest.training.seed);
  return { test, labels: testLabels };
}
