/** What a packaged model is judged by: figures on its test rows, and the errors of its training rows. */
import type { Features } from '../shared/features.ts';
import type { PerGraph, ReconstructionError } from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import type { Completed } from './complete.ts';
import type { Dataset } from './data/dataset.ts';
import type { Split } from './data/split.ts';
import type { Program } from './engines/engine.ts';
import { alarmMetrics, outOfTheOrdinary } from './evaluate/alarms.ts';
import { baselinesOf, pcaGraph } from './evaluate/baselines.ts';
import { type CodeStatistics, codeStatistics, codesOf } from './evaluate/code.ts';
import { evaluateModel } from './evaluate/evaluate.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { exportedMetrics, lossMetrics } from './evaluate/metrics.ts';
import type { GraphRows } from './evaluate/outputs.ts';
import { calibrate, rowErrors } from './evaluate/reconstruction.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import { truthOf } from './evaluate/truth.ts';
import type { Weights } from './graph/onnx.ts';
import type { ExportedGraphs } from './graphs.ts';
import type { PredictorName } from './predictors/registry.ts';
import { pickRaw } from './preprocess/preprocessing.ts';

export interface MeasureOptions {
  readonly data: Dataset<Rows>;
  readonly split: Split<Rows>;
  readonly program: Program;
  readonly weights: Weights;
  readonly predictor: PredictorName | undefined;
  readonly seed: number;
  /** Share of the training rows taken to be anomalous. */
  readonly contamination: number;
  readonly graphs: ExportedGraphs;
  readonly models: Readonly<PerGraph<Uint8Array>>;
  /** Of the training rows, as the graphs take them. */
  readonly features: Features;
}

export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of the test rows. */
  readonly code: CodeStatistics;
  readonly evaluation: Evaluation;
  /** The baseline as a graph, where PCA is one. */
  readonly pca: Uint8Array | undefined;
  /** Of the training rows. */
  readonly reconstructionError: ReconstructionError;
}

export async function measure(
  { model, pca, probed }: Completed,
  { data, split, program, weights, predictor, seed, contamination, graphs, models, features }: MeasureOptions,
): Promise<Measured> {
  const raw = (part: 'train' | 'test') =>
    data.preprocessing && pickRaw(data.preprocessing, data.parts![part]);
  const target = split.target && { name: split.target.name, rows: split.target.test };
  const truth = truthOf({ labels: split.testLabels, target }, model.prediction?.classes);
  const rows = raw('test') ?? split.test;
  const isOut = split.testLabels && outOfTheOrdinary(split.testLabels);
  /** Calibrated on the training rows, and what alarms are then worth. */
  const calibrated = async (graph: Uint8Array, known: GraphRows, asked: GraphRows) => {
    const errors = calibrate(await rowErrors(graph, known), contamination);
    const alarms = isOut && alarmMetrics(await rowErrors(graph, asked), isOut, errors.threshold);
    return { errors, alarms };
  };
  const own = await calibrated(models.autoencoder, raw('train') ?? split.train, rows);
  const metrics = {
    ...(await lossMetrics(split.test, { model, program, weights })),
    ...probed.metrics,
    ...(await exportedMetrics(models, { rows, truth, predictor, seed })),
    ...own.alarms,
  };
  const pcaModel = pca && pcaGraph(pca, model, data.rows.width);
  const baselines = { ...probed.baselines };
  for (const [baseline, own] of Object.entries(
    await baselinesOf(model, { ...split, pca: pcaModel, channels: data.rowShape[1], seed }),
  ))
    baselines[baseline] = { ...own, ...baselines[baseline] };
  if (pcaModel && isOut) {
    const { alarms } = await calibrated(pcaModel, split.train, split.test);
    baselines.pca = { ...baselines.pca, ...alarms };
  }
  return {
    metrics,
    baselines,
    code: codeStatistics(await codesOf(graphs.encoder, rows)),
    evaluation: await evaluateModel({
      model,
      graphs,
      test: split.test,
      raw: raw('test'),
      labels: split.testLabels,
      truth,
      layout: data,
      statistics: featureStatistics(split.train),
      features: features.statistics,
      seed,
    }),
    pca: pcaModel,
    reconstructionError: own.errors,
  };
}
