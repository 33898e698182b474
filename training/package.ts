/** Turning a trained model into an artifact: export, evaluate, calibrate, verify parity, write. */
import packageJson from '../package.json' with { type: 'json' };
import {
  graphEntries,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  type OperationName,
} from '../shared/manifest.ts';
import type { Matrix } from '../shared/tensor.ts';
import { type Artifact, type ManifestContent, sha256, versionOf, writeArtifact } from './artifact.ts';
import { type Dataset, fingerprint, type Split } from './data/dataset.ts';
import type { Program } from './engines/engine.ts';
import { evaluateModel } from './evaluate/evaluation.ts';
import { fitPca, pcaReconstruct } from './evaluate/pca.ts';
import { calibrate, meansOver, rowErrors } from './evaluate/reconstruction.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import type { Weights } from './graph/onnx.ts';
import { sub } from './graph/ops/arithmetic.ts';
import { reduceMean } from './graph/ops/mean.ts';
import { square } from './graph/ops/powers.ts';
import { variablesOf } from './graph/traverse.ts';
import { input } from './graph/value.ts';
import { type ExportedGraphs, exportGraphs } from './graphs.ts';
import { RUNTIME_VERSIONS } from './inference.ts';
import { modelCard } from './modelCard.ts';
import type { Autoencoder } from './models/model.ts';
import type { VariantName } from './models/registry.ts';
import { measureParity } from './parity.ts';
import { renderReport } from './report/report.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Fit } from './trainer.ts';

export interface PackageOptions {
  readonly name: string;
  readonly recipe: string;
  readonly variant: VariantName;
  readonly settings: ResolvedSettings<VariantName>;
  readonly seed: number;
  /** One line that says what ran the training. */
  readonly engine: string;
  readonly data: Dataset;
  readonly split: Split;
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
  const { name, recipe, variant, settings, seed, engine, data, split, model, fit, out } = options;
  const features = data.rows.width;
  const graphs = exportGraphs(model, features, fit.weights);
  const parity = await measureParity(graphs, split.validation, model.heads);
  const trainErrors = await rowErrors(graphs.autoencoder.model, split.train);
  const measured = { model, program: options.program, weights: fit.weights };
  const metrics = await metricsOn(split.test, measured, graphs.autoencoder.model);
  // PCA reconstructs whole rows: against a model that reconstructs a part of them it says nothing.
  const baselines: Record<string, Record<string, number>> = {
    ...(model.target === undefined ? { pca: { mse: await pcaError(split, model.codeSize) } } : {}),
    untrained: { mse: await untrainedError(options) },
  };
  const history = json(fit.history);
  const metricsFile = json({ metrics, baselines, parity });
  const statistics = featureStatistics(split.train);
  const shown = { model, graphs, test: split.test, labels: split.testLabels, statistics, seed };
  const evaluation = await evaluateModel({ ...shown, rowShape: data.rowShape });
  const evaluationFile = `${JSON.stringify(evaluation)}\n`;

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
    graphs: graphSpecs(graphs),
    operations: OPERATIONS_OFFERED,
    reconstructionError: calibrate(trainErrors, settings.training.contamination),
    metrics,
    baselines,
    parity,
    data: {
      source: data.source,
      fingerprint: fingerprint(data),
      rows: { train: split.train.rowCount, validation: split.validation.rowCount, test: split.test.rowCount },
    },
    libraries: libraryVersions(),
    files: {
      'history.json': fileSpec(history),
      'metrics.json': fileSpec(metricsFile),
      'evaluation.json': fileSpec(evaluationFile),
    },
  };
  const card = modelCard(content);
  const described = { ...content, files: { ...content.files, 'MODEL_CARD.md': fileSpec(card) } };
  const manifest = { ...described, version: versionOf(described) };
  const report = await renderReport({ manifest, history: fit.history, evaluation });
  const models = graphEntries(graphs).map(([graph, { model }]) => [`${graph}.onnx`, model] as const);
  return writeArtifact(out, described, {
    ...Object.fromEntries(models),
    'history.json': history,
    'metrics.json': metricsFile,
    'evaluation.json': evaluationFile,
    'MODEL_CARD.md': card,
    'report.html': report,
  });
}

const OPERATIONS_OFFERED: OperationName[] = ['encode', 'decode', 'reconstruct'];

/** The loss, the variant's diagnostics and the mean squared error over all rows, by standard name. */
export async function metricsOn(
  test: Matrix,
  { model, program, weights }: Pick<PackageOptions, 'model' | 'program'> & { weights: Weights },
  autoencoder: Uint8Array,
): Promise<Record<string, number>> {
  const { rows, evaluation, seed } = program;
  const values = { loss: evaluation.reconstructionLoss, ...model.diagnostics?.values(evaluation) };
  const means = await meansOver(test, rows, values, { weights, seed });
  return {
    [model.lossName]: means.loss![0]!,
    ...model.diagnostics?.summarise(means),
    mse: mean(await rowErrors(autoencoder, test)),
  };
}

/** Mean squared error on the test rows of PCA with as many components as the code is wide. */
async function pcaError({ train, test }: Split, codeSize: number): Promise<number> {
  const pca = await fitPca(train, codeSize);
  const rows = input('rows', ['N', train.width]);
  const error = reduceMean(square(sub(pcaReconstruct(pca, rows), rows)));
  return (await meansOver(test, rows, { error })).error![0]!;
}

/** Mean squared error on the test rows of the same network as it was before training. */
async function untrainedError({ model, program, split }: PackageOptions): Promise<number> {
  const { loss, reconstruction } = program.evaluation;
  const weights = new Map(variablesOf([loss, reconstruction]).map(({ name, initial }) => [name, initial]));
  const { autoencoder } = exportGraphs(model, split.test.width, weights);
  return mean(await rowErrors(autoencoder.model, split.test));
}

function graphSpecs(graphs: ExportedGraphs): Manifest['graphs'] {
  const entries = graphEntries(graphs).map(([graph, { model, inputs, outputs }]) => {
    return [graph, { file: `${graph}.onnx`, ...fileSpec(model), inputs: [...inputs], outputs: [...outputs] }];
  });
  return Object.fromEntries(entries) as Manifest['graphs'];
}

function fileSpec(data: Uint8Array | string): { sha256: string; bytes: number } {
  return { sha256: sha256(data), bytes: Buffer.byteLength(data) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function libraryVersions(): Record<string, string> {
  return { latentedge: packageJson.version, node: process.versions.node, ...RUNTIME_VERSIONS };
}
