/** Turning a trained model into an artifact: export, evaluate, calibrate, verify parity, write. */
import packageJson from '../package.json' with { type: 'json' };
import {
  graphEntries,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  type OperationName,
  type Parity,
} from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import { type Artifact, type ManifestContent, sha256, writeArtifact } from './artifact.ts';
import { type Dataset, pickRows, type Split } from './data/dataset.ts';
import type { Program } from './engines/engine.ts';
import { pcaError, pcaFor } from './evaluate/baseline.ts';
import { codeStatistics, codesOf } from './evaluate/code.ts';
import { pcaCode } from './evaluate/pca.ts';
import { probe } from './evaluate/probes.ts';
import { compareRankers } from './evaluate/rankers.ts';
import { calibrate, meansOver, rowErrors } from './evaluate/reconstruction.ts';
import { describeFeatures } from './features.ts';
import { type ExportedGraphs, exportGraphs } from './graphs.ts';
import { RUNTIME_VERSIONS } from './inference.ts';
import { modelCard } from './modelCard.ts';
import type { Autoencoder } from './models/model.ts';
import type { VariantName } from './models/registry.ts';
import { measureParity, PARITY_TOLERANCE } from './parity.ts';
import type { PredictorName } from './predictors/registry.ts';
import type { FittedColumn } from './preprocess/columns.ts';
import { rawRows } from './preprocess/preprocessing.ts';
import { requireSameAnswers } from './preprocess/verify.ts';
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
  const pca = await pcaFor(options.model, split);
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
  const trainErrors = await rowErrors(core.autoencoder.model, split.train);
  const ranked = graphs.recommend && (await compareRankers(graphs.recommend.model, split, seed));
  const metrics = { ...(await testMetrics(options, core)), ...probed.metrics, ...ranked?.model };
  const baselines: Record<string, Record<string, number>> = {
    ...probed.baselines,
    ...(pca === undefined
      ? {}
      : { pca: { mse: await pcaError(pca, split.test, model), ...probed.baselines.pca } }),
    ...(ranked === undefined ? {} : { popularity: ranked.popularity }),
  };
  const history = json(fit.history);
  const code = codeStatistics(await codesOf(core.encoder, split.test));
  const metricsFile = json({ metrics, baselines, parity, code });

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
    features: describeFeatures(data, split),
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
    files: { 'history.json': fileSpec(history), 'metrics.json': fileSpec(metricsFile) },
  };
  const card = modelCard(content);
  const described = { ...content, files: { ...content.files, 'MODEL_CARD.md': fileSpec(card) } };
  const models = graphEntries(graphs).map(([graph, { model }]) => [`${graph}.onnx`, model] as const);
  return writeArtifact(out, described, {
    ...Object.fromEntries(models),
    'history.json': history,
    'metrics.json': metricsFile,
    'MODEL_CARD.md': card,
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

async function testMetrics(options: PackageOptions, graphs: ExportedGraphs): Promise<Record<string, number>> {
  const { program, fit, split, model } = options;
  const { rows, evaluation, seed } = program;
  const values = { loss: evaluation.reconstructionLoss, ...model.diagnostics?.values(evaluation) };
  const means = await meansOver(split.test, rows, values, { weights: fit.weights, seed });
  return {
    [model.lossName]: means.loss![0]!,
    ...model.diagnostics?.summarise(means),
    mse: mean(await rowErrors(graphs.autoencoder.model, split.test)),
  };
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
