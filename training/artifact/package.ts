/** Turns a trained model into an artifact: export, verify parity, evaluate, calibrate, write. */
import { ANSWERS_FILE } from '../../shared/answers.ts';
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import {
  graphEntries,
  MANIFEST_SCHEMA_VERSION,
  type PerGraph,
  type TrainedManifest,
} from '../../shared/manifest.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import type { ColumnChoices } from '../data/choices.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import type { FittedColumn } from '../data/preprocessing.ts';
import { PROFILE_FILE, type Profile, profiling } from '../data/profile.ts';
import { keysOf } from '../data/rowKeys.ts';
import { seenRows } from '../data/seenRows.ts';
import type { Split } from '../data/split.ts';
import { inTurns } from '../data/turns.ts';
import type { Program } from '../engines/engine.ts';
import type { Fit } from '../fitting/fit.ts';
import type { Variable } from '../graph/types.ts';
import { storedWeights } from '../graph/weights/weightTypes.ts';
import type { Autoencoder } from '../models/model.ts';
import type { PredictorName } from '../predictors/registry.ts';
import { pickRaw } from '../preprocess/preprocessing.ts';
import { modelCard } from '../report/modelCard.ts';
import { renderReport } from '../report/report.ts';
import type { ResolvedSettings } from '../settings.ts';
import { requireTrained, type TrainedArtifact, versionOf, writeArtifact } from './artifact.ts';
import { codeMap, MAP_FILE } from './codeMap.ts';
import { describedGraphs } from './describedGraphs.ts';
import { describeCondition, describeFeatures, describePrediction } from './describeFeatures.ts';
import { type ExportedGraphs, exportGraphs } from './exportGraphs.ts';
import { fileSpecs, graphSpecs, jsonText, libraryVersions } from './fileSpecs.ts';
import { fitAfterTraining } from './fitAfterTraining.ts';
import { fittedRows } from './fittedRows.ts';
import { knownAnswers } from './knownAnswers.ts';
import { requireLearned } from './learningGate.ts';
import { measure } from './measure.ts';
import { operationsOf } from './offeredOperations.ts';
import { type OnStage, stagesOf } from './stages.ts';
import { verify } from './verify.ts';
import { measureStored } from './weightGate.ts';
import { averageRows, averageTable, evaluationWithoutRows } from './withoutRows.ts';

export interface PackageOptions {
  readonly name: string;
  readonly recipe: string;
  /** Name of the variant. */
  readonly variant: string;
  readonly settings: ResolvedSettings;
  readonly seed: number;
  readonly splitSeed: number;
  /** One-line description of the engine that ran the training. */
  readonly engine: string;
  readonly data: Dataset<Rows>;
  /** Fingerprint of `data`. */
  readonly fingerprint: string;
  readonly split: Split<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
  readonly model: Autoencoder;
  /** Predictor to fit to the codes of the training rows, for the target or the labels. */
  readonly predictor: PredictorName | undefined;
  readonly program: Program;
  readonly fit: Fit;
  /** Source of the initial weights, unless they were random. */
  readonly initial: string | undefined;
  /** `performance.now()` at the start of the run. */
  readonly started: number;
  readonly out: string;
  /** True if the artifact may hold rows of the data. */
  readonly withRows: boolean;
  /** True to keep a model that has learned nothing, marked as refused. */
  readonly force: boolean;
  readonly onStage?: OnStage | undefined;
}

/**
 * Exports the graphs with the best weights, evaluates them on the test rows, and writes the artifact.
 * @throws {GateError} if the WASM runtime does not reproduce the model, if storing weights in a smaller type
 * makes it too much worse, or if it is worse than an answer that needs no model; nothing is written then.
 */
export async function packageModel(options: PackageOptions): Promise<TrainedArtifact> {
  const { name, recipe, variant, settings, seed, splitSeed, engine, data, fingerprint, fit, predictor } =
    options;
  const { out, withRows } = options;
  const enter = stagesOf(options.onStage);
  await enter('fit');
  const fitted = fittedRows(data, options, seed);
  const { split } = fitted;
  const isSampled = data.stored !== undefined || split !== options.split;
  const { weightType, weightTolerance, rowScore } = settings.training;
  // Everything below uses the weights as stored, so that predictors and metrics match what is served.
  const weights = storedWeights(weightType, fit.weights, variablesIn(options.program));
  const columns = data.preprocessing?.columns;
  const completed = await fitAfterTraining(options.model, {
    ...{ split, weights, predictor, rowScore, columns, seed, withRows },
  });
  const { model } = completed;
  const exported = (columns?: readonly FittedColumn[]) =>
    exportGraphs(model, data.rows.width, weights, weightType, columns);
  const features = describeFeatures(data, options.split, model);
  const graphs = describedGraphs(await exported(columns), { name, variant, features });
  // The model without preprocessing, to compare with on encoded rows.
  const core = data.preprocessing === undefined ? graphs : await exported();
  await enter('compare');
  const parity = await verify({ ...options, ...fitted, model, weights }, { graphs, core });
  const stored =
    weightType === 'float32'
      ? undefined
      : await measureStored(
          await exportGraphs(model, data.rows.width, fit.weights, 'float32', columns),
          graphs,
          {
            type: weightType,
            tolerance: weightTolerance,
            rows: (data.preprocessing && pickRaw(data.preprocessing, fitted.parts.test)) ?? split.test,
            seed,
          },
        );
  const models = modelsOf(graphs);
  await enter('measure');
  const measured = await measure(completed, { ...options, ...fitted, weights, graphs, models, features });
  const { metrics, baselines, code, pca, judging } = measured;
  const evaluation = withRows ? measured.evaluation : evaluationWithoutRows(measured.evaluation);
  const refused = requireLearned(metrics, baselines, {
    ...{ settings, predictor, force: options.force, interrupted: fit.interrupted },
  });
  const operations = operationsOf({ model, graphs });
  const answers = await knownAnswers({ graphs, operations, ...probingRows(options), features });
  await enter('map');
  const map = withRows ? await codeMap({ data, parts: fitted.parts, graphs, seed }) : undefined;
  await enter('describe');
  const files = {
    'history.json': jsonText(fit.history),
    'metrics.json': jsonText({ metrics, baselines, parity, code }),
    'evaluation.json': `${JSON.stringify(evaluation)}\n`,
    ...(pca && { 'pca.onnx': pca }),
    ...(answers && { [ANSWERS_FILE]: jsonText(answers) }),
    ...(map && { [MAP_FILE]: map }),
    [PROFILE_FILE]: `${JSON.stringify(await trainedProfile(options))}\n`,
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
      ...(splitSeed !== seed && { splitSeed }),
      epochs: fit.history.length,
      bestEpoch: fit.bestEpoch,
      interrupted: fit.interrupted,
      ...(refused !== undefined && { refused }),
      ...(options.initial !== undefined && { initial: options.initial }),
      seconds: (performance.now() - options.started) / 1000,
    },
    features,
    ...(data.items && { items: data.items }),
    codeSize: model.codeSize,
    ...(model.pcaComponents !== undefined && { pcaComponents: model.pcaComponents }),
    ...(model.condition && { condition: describeCondition(model.condition, data) }),
    graphs: graphSpecs(graphs),
    operations,
    ...(model.prediction && { prediction: describePrediction(model.prediction, predictor!) }),
    ...judging,
    metrics,
    baselines,
    parity,
    ...(stored && { weights: stored }),
    data: {
      source: data.source,
      ...(data.location !== undefined && { location: data.location }),
      ...(data.choices && Object.keys(data.choices).length > 0 && { choices: recorded(data.choices) }),
      fingerprint,
      ...(!withRows && { withRows }),
      rows: { ...rowCounts(options.split), ...(data.stored && { train: data.stored.rowCount }) },
      ...(isSampled && { sampled: rowCounts(fitted.split) }),
    },
    libraries: libraryVersions(),
    files: fileSpecs(files),
  };
  const described = { ...files, 'MODEL_CARD.md': modelCard(content) };
  const whole = { ...content, files: fileSpecs(described) };
  const manifest = { ...whole, version: versionOf(whole) } as TrainedManifest; // every graph was exported above
  await enter('write');
  const written = await writeArtifact(out, whole, {
    ...Object.fromEntries(Object.entries(models).map(([graph, model]) => [`${graph}.onnx`, model])),
    ...described,
    'report.html': await renderReport({ manifest, history: fit.history, evaluation, code, graphs: models }),
  });
  return requireTrained(written);
}

function rowCounts({ train, validation, test }: Split<Rows>): TrainedManifest['data']['rows'] {
  return { train: train.rowCount, validation: validation.rowCount, test: test.rowCount };
}

/** Returns the rows that the known answers are for. */
function probingRows({ data: { preprocessing }, split, parts, withRows }: PackageOptions) {
  if (withRows) return { test: split.test, raw: preprocessing && pickRaw(preprocessing, parts.test) };
  return {
    test: isSparse(split.test) ? split.test : averageRows(split.train),
    raw: preprocessing && averageTable(pickRaw(preprocessing, parts.train)),
  };
}

/** The profile of the data, with the rows that chose the weights. */
async function trainedProfile({ data, parts }: PackageOptions): Promise<Profile> {
  const profile = await inTurns(profiling(data));
  const seen = seenRows(keysOf(data), [...parts.train, ...parts.validation]);
  return { ...profile, seen };
}

function variablesIn({ parameters, updates }: Program): readonly Variable[] {
  return [...parameters, ...updates.keys()];
}

function modelsOf(graphs: ExportedGraphs): PerGraph<Uint8Array> {
  return Object.fromEntries(
    graphEntries(graphs).map(([graph, { model }]) => [graph, model]),
  ) as PerGraph<Uint8Array>;
}

/** Copies the choices as the manifest holds them: without those that were not made. */
function recorded(choices: ColumnChoices): Record<string, string | string[]> {
  const made = Object.entries(choices).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    made.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
