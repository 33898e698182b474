/** Turning a trained model into an artifact: export, evaluate, calibrate, verify parity, write. */
import packageJson from '../package.json' with { type: 'json' };
import {
  graphEntries,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  type OperationName,
  type PerGraph,
} from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import { type Artifact, type ManifestContent, sha256, versionOf, writeArtifact } from './artifact.ts';
import type { Dataset, Split } from './data/dataset.ts';
import type { Program } from './engines/engine.ts';
import { baselinesOf, pcaGraph } from './evaluate/baselines.ts';
import { codeStatistics, codesOf } from './evaluate/code.ts';
import { evaluateModel } from './evaluate/evaluate.ts';
import { exportedMetrics, lossMetrics } from './evaluate/metrics.ts';
import { calibrate, rowErrors } from './evaluate/reconstruction.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import { type ExportedGraphs, exportGraphs } from './graphs.ts';
import { RUNTIME_VERSIONS } from './inference.ts';
import { modelCard } from './modelCard.ts';
import type { Autoencoder } from './models/model.ts';
import type { VariantName } from './models/registry.ts';
import { measureParity, PARITY_TOLERANCE } from './parity.ts';
import { renderReport } from './report/report.ts';
import type { ResolvedSettings } from './settings.ts';
import { withoutTies } from './ties.ts';
import type { Fit } from './trainer.ts';

export interface PackageOptions {
  readonly name: string;
  readonly recipe: string;
  readonly variant: VariantName;
  readonly settings: ResolvedSettings<VariantName>;
  readonly seed: number;
  /** One line that says what ran the training. */
  readonly engine: string;
  readonly data: Dataset<Rows>;
  /** Of `data`. */
  readonly fingerprint: string;
  readonly split: Split<Rows>;
  readonly model: Autoencoder;
  readonly program: Program;
  readonly fit: Fit;
  /** `performance.now()` when the run started. */
  readonly started: number;
  readonly out: string;
}

/**
 * Exports the graphs with the best weights, evaluates them on the test rows, and writes the artifact.
 * @throws {GateError} when the WASM runtime does not reproduce the model; nothing is written then.
 */
export async function packageModel(options: PackageOptions): Promise<Artifact> {
  const { name, recipe, variant, settings, seed, engine, data, fingerprint, split, model, fit, out } =
    options;
  const features = data.rows.width;
  const graphs = await exportGraphs(model, features, fit.weights, settings.training.weightType);
  const comparable = await withoutTies(model, fit.weights, split.validation, PARITY_TOLERANCE);
  const parity = await measureParity(graphs, comparable, model);
  const trainErrors = await rowErrors(graphs.autoencoder.model, split.train);
  const models = Object.fromEntries(
    graphEntries(graphs).map(([graph, exported]) => [graph, exported.model]),
  ) as PerGraph<Uint8Array>;
  const metrics = {
    ...(await lossMetrics(split.test, { model, program: options.program, weights: fit.weights })),
    ...(await exportedMetrics(split.test, models, seed)),
  };
  const pca = await pcaGraph(model, split.train);
  const baselines = await baselinesOf(model, { ...split, pca, seed });
  const code = codeStatistics(await codesOf(graphs.encoder, split.test));
  const statistics = featureStatistics(split.train);
  const { test, testLabels: labels } = split;
  const evaluation = await evaluateModel({ model, graphs, test, labels, layout: data, statistics, seed });
  const files = {
    'history.json': json(fit.history),
    'metrics.json': json({ metrics, baselines, parity, code }),
    'evaluation.json': `${JSON.stringify(evaluation)}\n`,
    ...(pca && { 'pca.onnx': pca }),
  };

  const content: ManifestContent = {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    name,
    createdAt: new Date().toISOString(),
    variant,
    recipe: { name: recipe, config: { ...settings.model, ...settings.training, ...settings.optimizer } },
    training: {
      engine,
      seed,
      epochs: fit.history.length,
      bestEpoch: fit.bestEpoch,
      interrupted: fit.interrupted,
      seconds: (performance.now() - options.started) / 1000,
    },
    features: {
      count: features,
      dtype: 'float32',
      names: data.featureNames === null ? null : [...data.featureNames],
      units: null,
      rowShape: [...data.rowShape],
      statistics,
    },
    codeSize: model.codeSize,
    ...(model.condition === undefined ? {} : { conditionSize: model.condition.size }),
    graphs: graphSpecs(graphs),
    operations: operationsOf(model),
    reconstructionError: calibrate(trainErrors, settings.training.contamination),
    metrics,
    baselines,
    parity,
    data: {
      source: data.source,
      fingerprint,
      rows: { train: split.train.rowCount, validation: split.validation.rowCount, test: split.test.rowCount },
    },
    libraries: libraryVersions(),
    files: fileSpecs(files),
  };
  const described = { ...files, 'MODEL_CARD.md': modelCard(content) };
  const whole = { ...content, files: fileSpecs(described) };
  const manifest = { ...whole, version: versionOf(whole) };
  return writeArtifact(out, whole, {
    ...Object.fromEntries(Object.entries(models).map(([graph, model]) => [`${graph}.onnx`, model])),
    ...described,
    'report.html': await renderReport({ manifest, history: fit.history, evaluation, code, graphs: models }),
  });
}

function operationsOf({ condition }: Autoencoder): OperationName[] {
  // A request for `decode` has no place for a condition.
  return condition === undefined ? ['encode', 'decode', 'reconstruct'] : ['encode', 'reconstruct'];
}

function graphSpecs(graphs: ExportedGraphs): Manifest['graphs'] {
  const entries = graphEntries(graphs).map(([graph, { model, inputs, outputs }]) => {
    return [graph, { file: `${graph}.onnx`, ...fileSpec(model), inputs: [...inputs], outputs: [...outputs] }];
  });
  return Object.fromEntries(entries) as Manifest['graphs'];
}

function fileSpecs(files: Readonly<Record<string, string | Uint8Array>>): Manifest['files'] {
  return Object.fromEntries(Object.entries(files).map(([file, data]) => [file, fileSpec(data)]));
}

function fileSpec(data: Uint8Array | string): { sha256: string; bytes: number } {
  return { sha256: sha256(data), bytes: Buffer.byteLength(data) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function libraryVersions(): Record<string, string> {
  return { latentedge: packageJson.version, node: process.versions.node, ...RUNTIME_VERSIONS };
}
