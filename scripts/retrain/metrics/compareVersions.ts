/** Measuring a challenger against the champion on the same held-out rows. */
import { InputError } from '../../../shared/errors.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import type { Profile } from '../../../training/data/profile.ts';
import { judgedBy } from '../../../training/evaluate/metrics/judging.ts';
import { rowScores } from '../../../training/evaluate/metrics/reconstruction.ts';
import type { PreparedRun } from '../../cli/preparedRun.ts';
import type { MetricDrop } from './bootstrap.ts';
import { type ComparedVersion, type HeldOut, heldOutOf, rowsFor } from './heldOut.ts';
import { type Flagged, flaggedRows } from './pastRows.ts';
import { dropOf, METRIC_NAMES, METRICS, type MetricName } from './registry.ts';

export interface ModelComparison {
  /** The comparison with the champion, or the reason why it is not possible; undefined without a champion. */
  readonly versions?: VersionComparison | string;
  /** The champion's own held-out rows, or the reason why they cannot be judged; undefined without a champion. */
  readonly past?: Flagged | string;
}

export interface VersionComparison {
  /** Held-out rows that both were measured on: those that neither has seen or, of too few of these, all. */
  readonly rows: number;
  readonly heldOut: number;
  readonly unseen: number;
  /** Drops of the metrics that both versions have. */
  readonly drops: Readonly<Partial<Record<MetricName, MetricDrop>>>;
  /** The champion's scores of these rows; undefined for models whose scores mean nothing. */
  readonly familiarity?: Familiarity;
}

export interface Familiarity {
  /** Largest excess of the share of rows above a score over that share in the champion's validation rows. */
  readonly excess: number;
  /** The number of validation rows. */
  readonly rows: number;
  /** Share of the new rows that the champion flags. */
  readonly flagged: number;
}

export interface Champion extends ComparedVersion {
  readonly profile: Profile | undefined;
}

export async function measureChallenger(
  prepared: PreparedRun,
  challenger: ComparedVersion,
  champion: Champion | undefined,
  seed: number,
): Promise<ModelComparison> {
  if (champion === undefined) return {};
  const heldOut = heldOutOf(prepared, champion.profile);
  return {
    versions: await compareVersions(champion, challenger, heldOut, seed),
    past: await flaggedRows(champion, challenger),
  };
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
      const drop = await dropOf(METRICS[name], champion, challenger, heldOut, seed);
      if (drop !== undefined) drops[name] = drop;
    }
    const familiarity = await familiarityOf(champion, heldOut);
    const { heldOut: all, unseen, test } = heldOut;
    return { rows: test.rowCount, heldOut: all, unseen, drops, ...(familiarity && { familiarity }) };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Compares the champion's scores of the rows with those of its own validation rows. */
async function familiarityOf(
  { manifest, graphs }: ComparedVersion,
  heldOut: HeldOut,
): Promise<Familiarity | undefined> {
  const { calibration } = manifest;
  if (graphs.recommend !== undefined || calibration === undefined) return undefined;
  const scores = (await rowScores(graphs.autoencoder, rowsFor(heldOut, manifest))).sort();
  const { threshold } = judgedBy(manifest);
  return {
    excess: excessOf(scores, calibration),
    rows: calibration.rows,
    flagged: 1 - countUpTo(scores, threshold) / scores.length,
  };
}

/** The one-sided distance of Kolmogorov and Smirnov. */
function excessOf(
  ascending: Float32Array,
  { rows, scores, above }: NonNullable<Manifest['calibration']>,
): number {
  return scores.reduce((largest, score, i) => {
    const now = 1 - countUpTo(ascending, score) / ascending.length;
    return Math.max(largest, now - above[i]! / rows);
  }, 0);
}

function countUpTo(ascending: Float32Array, value: number): number {
  const at = ascending.findIndex((each) => each > value);
  return at < 0 ? ascending.length : at;
}
