/** Makes an artifact of a model that was made elsewhere: graphs, verification, calibration, writing. */
import { ANSWERS_FILE } from '../../shared/answers.ts';
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { graphEntries, IMPORTED, MANIFEST_SCHEMA_VERSION, type SomeGraphs } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { type Artifact, versionOf, writeArtifact } from '../artifact/artifact.ts';
import { exportGraph } from '../artifact/exportGraphs.ts';
import { fileSpecs, graphSpecs, jsonText, libraryVersions } from '../artifact/fileSpecs.ts';
import { knownAnswers } from '../artifact/knownAnswers.ts';
import { operationsOf } from '../artifact/offeredOperations.ts';
import { measureParity } from '../artifact/parity.ts';
import { firstRows } from '../data/batches.ts';
import { codesOf } from '../evaluate/code.ts';
import { type Judging, judgingOf } from '../evaluate/metrics/judging.ts';
import { isRaw, rowCountOf } from '../evaluate/outputs.ts';
import { fitReduction } from '../evaluate/reduction.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { input } from '../graph/value.ts';
import { pickRaw, rawRows } from '../preprocess/preprocessing.ts';
import { assertServable } from './assertServable.ts';
import { importedCard } from './card.ts';
import { importedFeatures } from './features.ts';
import { graphsOf } from './graphs.ts';
import type { RunJobs } from './jobs.ts';
import { configOf, fileTensors, fingerprintOf, predictionOf } from './manifestParts.ts';
import { importedMetrics } from './metrics.ts';
import { toleranceOf } from './precision.ts';
import { importedReport } from './report.ts';
import type { SampleRows } from './sampleRows.ts';
import { withScaledScore } from './scaledScore.ts';
import type { Understanding } from './understand.ts';

export interface ImportOptions {
  readonly name: string;
  /** Folder of artifacts. */
  readonly out: string;
  /** Names of the classes of a classifier; by default those in the graph, or their numbers. */
  readonly classes: readonly string[] | undefined;
  /** Assumed share of anomalies among the rows, in (0, 0.5]; it sets the threshold of scores. */
  readonly contamination: number;
  readonly run: RunJobs;
}

/**
 * Verifies the graphs of a model, and writes its artifact.
 * @throws {InputError} if the edge's runtime lacks an operator, or classes do not fit.
 * @throws {GateError} if the runtimes differ.
 */
export async function importModel(understanding: Understanding, options: ImportOptions): Promise<Artifact> {
  const started = performance.now();
  const { foreign, model, decoder, sample, columns } = understanding;
  const { rows } = sample;
  const tolerance = toleranceOf([foreign.proto, ...(decoder ? [decoder.proto] : [])]);
  const understood = graphsOf(model, decoder, columns);
  await assertServable(understood, { rows, foreign, run: options.run });
  const hasRows = sample.source !== undefined;
  const reduced = hasRows ? await withReduction(understood, sample) : understood;
  const hasScores = isTable(understanding) && reduced.autoencoder !== undefined;
  const graphs = hasScores
    ? { ...reduced, autoencoder: await withScaledScore(reduced.autoencoder!, rows as Matrix) }
    : reduced;
  const prediction = predictionOf(understanding, graphs, options.classes);
  const first = Uint32Array.from({ length: Math.min(COMPARED, rowCountOf(rows)) }, (_, row) => row);
  const raw = isRaw(rows) ? pickRaw(rows, first) : undefined;
  const numbers = isRaw(rows) ? emptyRows(first.length, model.layout.width) : firstRows(rows, first.length);
  const parity = await measureParity(graphs, numbers, {}, raw && rawRows(raw, first), tolerance);
  const judging: Partial<Judging> =
    hasRows && graphs.autoencoder
      ? await judgingOf(
          graphs.autoencoder.model,
          { train: rows, validation: rows },
          { contamination: options.contamination, targetFpr: null, hasScores },
        )
      : {};
  const operations = operationsOf({ model: {}, graphs }).filter(
    (name) => name !== 'score' || 'reconstructionError' in judging,
  );
  const features = importedFeatures(understanding);
  const answers = await knownAnswers({ graphs, operations, features, test: numbers, raw });
  const models = Object.fromEntries(graphEntries(graphs).map(([graph, { model: bytes }]) => [graph, bytes]));
  const metrics = hasRows ? await importedMetrics(models, { sample, prediction, judging }) : {};
  const files = {
    'history.json': jsonText([]),
    'metrics.json': jsonText({ metrics, baselines: {}, parity }),
    ...(answers && { [ANSWERS_FILE]: jsonText(answers) }),
  };
  const content: ManifestContent = {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    name: options.name,
    createdAt: new Date().toISOString(),
    variant: IMPORTED,
    recipe: { name: IMPORTED, config: configOf(understanding) },
    training: {
      engine: foreign.producer,
      ...{ seed: 0, epochs: 0, bestEpoch: 0, interrupted: false },
      seconds: (performance.now() - started) / 1000,
    },
    features,
    codeSize: Number(graphs.encoder?.outputs[0]?.shape[1] ?? 0),
    graphs: graphSpecs(graphs),
    file: fileTensors(understanding),
    operations,
    ...(prediction && { prediction }),
    ...judging,
    metrics,
    baselines: {},
    parity,
    data: {
      source: sample.source ?? 'drawn rows',
      fingerprint: fingerprintOf(understanding),
      rows: { train: hasRows ? rowCountOf(rows) : 0, validation: 0, test: 0 },
    },
    libraries: libraryVersions(),
    files: fileSpecs(files),
  };
  const described = { ...files, 'MODEL_CARD.md': importedCard(content, understanding) };
  const whole = { ...content, files: fileSpecs(described) };
  return writeArtifact(options.out, whole, {
    ...Object.fromEntries(Object.entries(models).map(([graph, bytes]) => [`${graph}.onnx`, bytes])),
    ...described,
    'report.html': importedReport({ ...whole, version: versionOf(whole) }, understanding),
  });
}

/** Most rows that the runtimes are compared on: WASM would take minutes for a whole table. */
const COMPARED = 1000;

/** True for rows whose columns are different things, each with a name; the pixels of an image have one unit. */
function isTable({ sample: { rows, names, source }, model: { layout } }: Understanding): boolean {
  const isFlat = layout.varying.every(({ sizes }) => sizes.length < 2);
  return source !== undefined && !isRaw(rows) && names !== null && isFlat;
}

/** Stands for rows that hold text, of which only the number counts. */
function emptyRows(rowCount: number, width: number): Matrix {
  return { data: new Float32Array(rowCount * width), rowCount, width };
}

/** Adds the principal components of the codes of the rows, if codes have two numbers or more. */
async function withReduction(
  graphs: SomeGraphs<ExportedGraph>,
  { rows }: SampleRows,
): Promise<SomeGraphs<ExportedGraph>> {
  if (graphs.encoder === undefined) return graphs;
  const codes = await codesOf(graphs.encoder, rows);
  const reduction = await fitReduction(codes);
  if (reduction === undefined) return graphs;
  const code = input('code', ['N', codes.width]);
  return {
    ...graphs,
    reduce: await exportGraph({ name: 'reduce', inputs: [code], outputs: reduction(code) }),
  };
}
