/** A challenger and the champion on the same held-out rows. */
import { InputError } from '../../../shared/errors.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { rowErrors } from '../../../training/evaluate/metrics/reconstruction.ts';
import type { StoredArtifact } from '../stored.ts';
import { type Drop, pairedDrop } from './bootstrap.ts';
import { type HeldOut, rowsFor } from './heldOut.ts';
import { METRIC_NAMES, METRICS, type Metric, type MetricName } from './registry.ts';

type Version = Pick<StoredArtifact, 'manifest' | 'graphs'>;

export interface Comparison {
  readonly rows: number;
  /** Of every metric that both have. */
  readonly drops: Readonly<Partial<Record<MetricName, Drop>>>;
  /** The champion's own reconstruction error of these rows, divided by that of the rows it was tested on. */
  readonly surprise: number;
}

/** Text, where the champion cannot be asked for these rows: the reason. */
export async function compareVersions(
  champion: Version,
  challenger: Version,
  heldOut: HeldOut,
  seed: number,
): Promise<Comparison | string> {
  try {
    const drops: Partial<Record<MetricName, Drop>> = {};
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
