/** Comparing a challenger with the champion on the same held-out rows. */
import { InputError } from '../../../shared/errors.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { rowErrors } from '../../../training/evaluate/metrics/reconstruction.ts';
import { type MetricDrop, pairedDrop } from './bootstrap.ts';
import { type ComparedVersion, type HeldOut, rowsFor } from './heldOut.ts';
import { METRIC_NAMES, METRICS, type Metric, type MetricName } from './registry.ts';

export interface VersionComparison {
  readonly rows: number;
  /** Drops of the metrics that both versions have. */
  readonly drops: Readonly<Partial<Record<MetricName, MetricDrop>>>;
  /**
   * The champion's reconstruction error on these rows, divided by its error on the test rows of its own
   * training.
   */
  readonly surprise: number;
}

/** Compares two versions. Returns the reason as text if the champion cannot be evaluated on these rows. */
export async function compareVersions(
  champion: ComparedVersion,
  challenger: ComparedVersion,
  heldOut: HeldOut,
  seed: number,
): Promise<VersionComparison | string> {
  try {
    const drops: Partial<Record<MetricName, MetricDrop>> = {};
    for (const name of METRIC_NAMES) {
      const metric: Metric = METRICS[name];
      const [old, now] = [await metric.ofRows(champion, heldOut), await metric.ofRows(challenger, heldOut)];
      if (old?.length === undefined || old.length !== now?.length) continue;
      drops[name] = pairedDrop(old, now, { ...metric, seed });
    }
    const own = mean(await rowErrors(champion.graphs.autoencoder, rowsFor(heldOut, champion.manifest)));
    const recorded = champion.manifest.metrics.mse;
    return { rows: heldOut.test.rowCount, drops, surprise: recorded ? own / recorded : 1 };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
