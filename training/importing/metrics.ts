/** Metrics of an imported model on the rows that were given. */
import type { Prediction, SomeGraphs } from '../../shared/manifest.ts';
import { type GroundTruth, groundTruthOf } from '../estimators/groundTruth.ts';
import type { Judging } from '../evaluate/metrics/judging.ts';
import { exportedMetrics } from '../evaluate/metrics/metrics.ts';
import type { SampleRows } from './sampleRows.ts';

export interface ImportedMetricsOptions {
  readonly sample: SampleRows;
  readonly prediction: Prediction | undefined;
  readonly judging: Partial<Judging>;
}

/** Mean squared error of reconstructions, and errors of predictions whose answers the target column holds. */
export async function importedMetrics(
  graphs: SomeGraphs<Uint8Array>,
  { sample, prediction, judging }: ImportedMetricsOptions,
): Promise<Record<string, number>> {
  return exportedMetrics(graphs, {
    rows: sample.rows,
    truth: truthOf(sample, prediction?.classes),
    predictor: prediction?.predictor,
    labels: undefined,
    threshold: (judging.anomalyScore ?? judging.reconstructionError)?.threshold ?? 0,
    shares: [], // nothing imported recommends
    seed: 0,
  });
}

/** Classes may be written as numbers, which are then the names of the classes. */
function truthOf(
  { labels, target }: SampleRows,
  classes: readonly string[] | undefined,
): GroundTruth | undefined {
  if (classes === undefined || target === undefined) return groundTruthOf({ labels, target }, classes);
  const rows = Array.from(target.rows, (value) =>
    Number.isNaN(value) ? value : classes.indexOf(`${value}`),
  );
  return { name: target.name, rows, classes };
}
