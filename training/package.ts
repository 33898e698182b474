/** Turning a trained model into an artifact: export, evaluate, calibrate, verify parity, write. */
import packageJson from '../package.json' with { type: 'json' };
import type { ManifestContent } from '../shared/artifactVersion.ts';
import {
  graphEntries,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  type OperationName,
  type Parity,
  type PerGraph,
} from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import { type Artifact, sha256, versionOf, writeArtifact } from './artifact.ts';
import { pickRows } from './data/batches.ts';
import type { Dataset } from './data/dataset.ts';
import type { Split } from './data/split.ts';
import type { Program } from './engines/engine.ts';
import { baselinesOf, pcaFor, pcaGraph } from './evaluate/baselines.ts';
import { codeStatistics, codesOf } from './evaluate/code.ts';
import { evaluateModel } from './evaluate/evaluate.ts';
import { exportedMetrics, lossMetrics } from './evaluate/metrics.ts';
import { pcaCode } from './evaluate/pca.ts';
import { probe } from './evaluate/probes.ts';
import { calibrate, rowErrors } from './evaluate/reconstruction.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import { describeFeatures } from './features.ts';
import { type ExportedGraphs, exportGraphs } from './graphs.ts';
import { RUNTIME_VERSIONS } from './inference.ts';
import { modelCard } from './modelCard.ts';
import type { Autoencoder } from './models/model.ts';
import type { VariantName } from './models/registry.ts';
import { measureParity, PARITY_TOLERANCE } from './parity.ts';
import type { PredictorName } from './predictors/registry.ts';
import type { FittedColumn } from './preprocess/columns.ts';
import { pickRaw, rawRows } from './preprocess/preprocessing.ts';
import { requireSameAnswers } from './preprocess/verify.ts';
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
  /** What is fitted to the codes of the training rows, to predict the target. */
  readonly predictor: PredictorName | undefined;
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
  const { name, recipe, variant, settings, seed, engine, data, fingerprint, split, fit, predictor, out } =
    options;
  const { weightType } = settings.training;
  const pca = await pcaFor(options.model, split.train);
  const probed = await probe(split, {
    weights: fit.weights,
    encode: options.model.encode,
    pca: pca && ((rows) => pcaCode(pca, rows)),
    predictor,
  });
  const model = { ...options.model, ...(probed.prediction && { prediction: probed.prediction }) };
  const exported = (columns?: readonly FittedColumn[]) =>
    exportGraphs(model, data.rows.width, fit.weights, weightType, columns);
  const graphs = await exported(data.preprocessing?.columns);
  // What the model makes of rows as they were trained on, which are there already.
  const core = data.preprocessing === undefined ? graphs : await exported();
  const parity = await verified({ ...options, model }, graphs, core);
  const raw = (part: 'train' | 'test') =>
    data.preprocessing && pickRaw(data.preprocessing, data.parts![part]);
  const trainErrors = await rowErrors(graphs.autoencoder.model, raw('train') ?? split.train);
  const target = split.target && { name: split.target.name, rows: split.target.test };
  const test = raw('test') ?? split.test;
  const metrics = {
    ...(await lossMetrics(split.test, { model, program: options.program, weights: fit.weights })),
    ...probed.metrics,
    ...(await exportedMetrics(modelsOf(graphs), { rows: test, target, predictor, seed })),
  };
  const pcaModel = pca && pcaGraph(pca, model, data.rows.width);
  const baselines = { ...probed.baselines };
  for (const [baseline, own] of Object.entries(await baselinesOf(model, { ...split, pca: pcaModel, seed })))
    baselines[baseline] = { ...own, ...baselines[baseline] };
  const code = codeStatistics(await codesOf(graphs.encoder, test));
  const features = describeFeatures(data, split);
  const evaluation = await evaluateModel({
    model,
    graphs,
    test: split.test,
    raw: raw('test'),
    labels: split.testLabels,
    target,
    layout: data,
    statistics: featureStatistics(split.train),
    features: features.statistics,
    seed,
  });
  const files = {
    'history.json': json(fit.history),
    'metrics.json': json({ metrics, baselines, parity, code }),
    'evaluation.json': `${JSON.stringify(evaluation)}\n`,
    ...(pcaModel && { 'pca.onnx': pcaModel }),
  };
  const models = modelsOf(graphs);

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
    features,
    codeSize: model.codeSize,
    ...(model.condition === undefined ? {} : { conditionSize: model.condition.size }),
    graphs: graphSpecs(graphs),
    operations: operationsOf(model, graphs),
    ...(graphs.predict && { prediction: { target: split.target!.name, predictor: predictor! } }),
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

/** @throws {GateError} when another runtime, or raw columns, give other answers than the model does. */
async function verified(
  { data, split, model, fit }: PackageOptions,
  graphs: ExportedGraphs,
  core: ExportedGraphs,
): Promise<Parity> {
  const clear = await withoutTies(model, fit.weights, split.validation, PARITY_TOLERANCE);
  const rows = pickRows(split.validation, clear);
  if (data.preprocessing === undefined) return measureParity(graphs, rows, model);
  const raw = rawRows(
    data.preprocessing,
    clear.map((row) => data.parts!.validation[row]!),
  );
  await requireSameAnswers({ graphs, rows: raw }, { graphs: core, rows }, PARITY_TOLERANCE);
  return measureParity(graphs, rows, model, raw);
}

function operationsOf({ condition }: Autoencoder, { encoder, predict }: ExportedGraphs): OperationName[] {
  // Requests carry rows, not columns.
  if (encoder.inputs[0]!.name !== 'rows') return [];
  return [
    'encode',
    // A request for `decode` has no place for a condition.
    ...(condition === undefined ? (['decode'] as const) : []),
    'reconstruct',
    ...(predict === undefined ? [] : (['predict'] as const)),
  ];
}

function modelsOf(graphs: ExportedGraphs): PerGraph<Uint8Array> {
  return Object.fromEntries(
    graphEntries(graphs).map(([graph, { model }]) => [graph, model]),
  ) as PerGraph<Uint8Array>;
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
