/** Measures a model for its artifact: metrics on the test rows, and the distribution of errors. */
import type { Features } from '../../shared/features.ts';
import type { PerGraph } from '../../shared/manifest.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import { partTexts } from '../data/rowNames.ts';
import type { Split } from '../data/split.ts';
import { featureStatistics } from '../data/statistics.ts';
import type { Program } from '../engines/engine.ts';
import { groundTruthOf } from '../estimators/groundTruth.ts';
import { baselinesOf, pcaGraph } from '../evaluate/baselines/baselines.ts';
import { detectorsOf } from '../evaluate/baselines/detectors.ts';
import { type CodeStatistics, codeStatistics, codesOf } from '../evaluate/code.ts';
import { evaluateModel } from '../evaluate/evidence/evaluateModel.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { neighbourMetrics, neighboursOf } from '../evaluate/evidence/neighbours.ts';
import { type Judging, judgedBy, judgingOf } from '../evaluate/metrics/judging.ts';
import { exportedMetrics, lossMetrics } from '../evaluate/metrics/metrics.ts';
import type { Weights } from '../graph/types.ts';
import type { PredictorName } from '../predictors/registry.ts';
import { pickRaw } from '../preprocess/preprocessing.ts';
import type { ResolvedSettings } from '../settings.ts';
import type { ExportedGraphs } from './exportGraphs.ts';
import type { CompletedModel } from './fitAfterTraining.ts';

export interface MeasureOptions {
  readonly data: Dataset<Rows>;
  readonly split: Split<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
  readonly program: Program;
  readonly weights: Weights;
  readonly predictor: PredictorName | undefined;
  readonly seed: number;
  readonly settings: Pick<ResolvedSettings, 'training'>;
  readonly graphs: ExportedGraphs;
  readonly models: Readonly<PerGraph<Uint8Array>>;
  /** Features and their statistics over the training rows, in the form that the graphs take. */
  readonly features: Features;
}

export interface Measurements {
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Statistics of the codes of the test rows. */
  readonly code: CodeStatistics;
  readonly evaluation: Evaluation;
  /** PCA as a graph, if it is a baseline. */
  readonly pca: Uint8Array | undefined;
  readonly judging: Judging;
}

export async function measure(
  { model, pca, probed }: CompletedModel,
  {
    data,
    split,
    parts,
    program,
    weights,
    predictor,
    seed,
    settings,
    graphs,
    models,
    features,
  }: MeasureOptions,
): Promise<Measurements> {
  const raw = (part: keyof Parts) => data.preprocessing && pickRaw(data.preprocessing, parts[part]);
  const target = split.target && { name: split.target.name, rows: split.target.test };
  const truth = groundTruthOf({ labels: split.testLabels, target }, model.prediction?.classes);
  const rows = raw('test') ?? split.test;
  const judged = { train: raw('train') ?? split.train, validation: raw('validation') ?? split.validation };
  const judging = await judgingOf(models.autoencoder, judged, {
    ...settings.training,
    hasScores: model.scoring !== undefined,
  });
  const { threshold } = judgedBy(judging);
  const shares = features.statistics.mean;
  const labels = split.testLabels;
  const texts = partTexts(data, parts);
  const neighbours = await neighboursOf(model, { ...split, weights, texts, seed });
  const found = neighbours && neighbourMetrics(neighbours, model.codeSize);
  const metrics = {
    ...found?.metrics,
    ...(await lossMetrics(split.test, { model, program, weights })),
    ...probed.metrics,
    ...(await exportedMetrics(models, { rows, truth, predictor, labels, threshold, shares, seed })),
  };
  const pcaModel = pca && pcaGraph(pca, model, data.rows.width);
  const baselines = { ...probed.baselines };
  for (const [baseline, own] of Object.entries(
    await baselinesOf(model, { ...split, pca: pcaModel, channels: data.rowShape[1], shares, seed }),
  ))
    baselines[baseline] = { ...own, ...baselines[baseline] };
  const detectors = await detectorsOf(split, model, {
    ...settings.training,
    ...{ pca: pcaModel, weights, seed },
  });
  for (const [detector, own] of Object.entries(detectors))
    baselines[detector] = { ...baselines[detector], ...own };
  for (const [projection, own] of Object.entries(found?.baselines ?? {}))
    baselines[projection] = { ...own, ...baselines[projection] };
  return {
    metrics,
    baselines,
    code: codeStatistics(await codesOf(graphs.encoder, rows)),
    evaluation: await evaluateModel({
      model,
      graphs,
      test: split.test,
      raw: raw('test'),
      labels,
      threshold,
      truth,
      data,
      statistics: featureStatistics(split.train),
      features: features.statistics,
      neighbours,
      train: judged.train,
      texts,
      seed,
    }),
    pca: pcaModel,
    judging,
  };
}
