/**
 * Drift of the rows that models see from their training rows: the sign that it is time to retrain.
 *
 * For each feature: the shift of its mean in training's standard deviations (Glass's delta; Glass 1976,
 * "Primary, Secondary, and Meta-Analysis of Research"; differences above 0.1 are commonly considered
 * relevant, Austin 2009, "Balance diagnostics for comparing the distribution of baseline covariates"), and
 * the ratio of variances (relevant outside 0.5 to 2, Rubin 2001, "Using propensity scores to help design
 * observational studies"). For the model: the mean of the shifts, each capped at 1, so that one feature that
 * hardly varied in training cannot dominate; and the shift of the reconstruction error, which also detects
 * broken dependencies between features.
 *
 * The population stability index would also detect other changes of a distribution, but needs histograms of
 * the training rows, which manifests do not have.
 */
import type { CategoryDrift, DriftSummary, FeatureDrift } from '../../shared/adminApi.ts';
import { driftScore, isSameConstant } from '../../shared/drift.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { unseenTest } from '../../shared/unseen.ts';
import { hasPassed } from '../runtime/elapsed.ts';
import { addRows, type Moments, momentsOf, newMoments } from './moments.ts';

/** Rows sampled evenly from a request: enough for a mean, in a small part of the request's time. */
const ROWS_PER_REQUEST = 16;
/** Features of all models together, 32 bytes each; beyond it, the least recently used models are reset. */
const MAX_FEATURES = 200_000;
/** Rows of a column of categories after which counts are halved. */
const MAX_TEXTS = 20_000;
/** Features in a summary. */
const REPORTED = 10;
/** Milliseconds between two reports of the same model. */
const REPORT_EVERY = 10_000;

export interface Drift {
  /** Adds rows in raw units, `width` values each in feature order; NaN is a missing value or a category. */
  observeRows(manifest: Manifest, data: Float32Array, rowCount: number, width: number): void;
  /**
   * Adds categories of one column, empty for a missing one. Returns the number of them that training did not
   * see, which is 0 for columns whose categories the manifest does not list.
   */
  observeCategories(manifest: Manifest, column: number, texts: readonly string[]): number;
  /** Adds reconstruction errors, one per row. */
  observeErrors(manifest: Manifest, errors: Float32Array): void;
  summary(manifest: Manifest): DriftSummary;
}

/** Receives regular reports of the models in use. */
export type ReportDrift = (manifest: Manifest, summary: DriftSummary) => void;

/** Counts of the categories of a column; at `MAX_TEXTS`, both are halved: older ones count less. */
interface SeenCategories {
  rows: number;
  unseen: number;
}

interface ModelMoments {
  readonly features: Moments;
  readonly errors: Moments;
  /** By column. */
  readonly categories: Map<number, SeenCategories>;
  /** Milliseconds since the epoch. */
  reportedAt: number;
}

/**
 * Creates empty drift statistics; one instance per isolate.
 *
 * @example
 * const drift = createDrift();
 * drift.observeRows(manifest, rows.data, rows.rowCount, rows.width);
 * drift.summary(manifest).score; // 0.02
 */
export function createDrift(report?: ReportDrift): Drift {
  /** By `name@version`, least recently used first. */
  const models = new Map<string, ModelMoments>();
  let features = 0;

  const track = (manifest: Manifest): ModelMoments => {
    const key = `${manifest.name}@${manifest.version}`;
    const known = models.get(key);
    const tracked = known ?? newTracked(manifest);
    if (known) models.delete(key);
    else features += manifest.features.count;
    models.set(key, tracked);
    for (const [oldest, { features: moments }] of models) {
      if (features <= MAX_FEATURES || oldest === key) break;
      models.delete(oldest);
      features -= moments.origin.length;
    }
    return tracked;
  };

  return {
    observeRows(manifest, data, rowCount, width) {
      const tracked = track(manifest);
      const { features: moments } = tracked;
      const rows = Math.min(rowCount, ROWS_PER_REQUEST);
      addRows(moments, data, rows, Math.floor(rowCount / rows) * width);
      if (!report || !hasPassed(tracked.reportedAt, REPORT_EVERY)) return;
      tracked.reportedAt = Date.now();
      report(manifest, summarise(manifest, tracked));
    },
    observeCategories(manifest, column, texts) {
      const isUnseen = unseenTest(manifest, column);
      if (isUnseen === undefined) return 0;
      const { categories: columns } = track(manifest);
      const seen = columns.get(column) ?? { rows: 0, unseen: 0 };
      columns.set(column, seen);
      const unseen = texts.filter(isUnseen).length;
      seen.rows += texts.length;
      seen.unseen += unseen;
      if (seen.rows > MAX_TEXTS) {
        seen.rows /= 2;
        seen.unseen /= 2;
      }
      return unseen;
    },
    observeErrors(manifest, errors) {
      addRows(track(manifest).errors, errors, errors.length, 1);
    },
    summary: (manifest) => summarise(manifest, models.get(`${manifest.name}@${manifest.version}`)),
  };
}

function newTracked({ features, reconstructionError }: Manifest): ModelMoments {
  return {
    features: newMoments(Float64Array.from(features.statistics.mean, (mean) => mean ?? 0)),
    errors: newMoments(Float64Array.of(reconstructionError?.mean ?? 0)),
    categories: new Map(),
    reportedAt: Date.now(),
  };
}

function summarise(manifest: Manifest, tracked: ModelMoments | undefined): DriftSummary {
  if (!tracked) return { rows: 0, score: null, features: [], categories: [], reconstructionError: null };
  const drifts = featureDrifts(manifest, tracked.features);
  return {
    rows: tracked.features.weight,
    score: driftScore(drifts.map(({ shift }) => shift)),
    features: drifts
      .toSorted((a, b) => (b.shift ?? Infinity) - (a.shift ?? Infinity) || 0)
      .slice(0, REPORTED),
    categories: categoryDrifts(manifest, tracked),
    reconstructionError: errorDrift(manifest, tracked.errors),
  };
}

/** Returns the columns with categories that training did not see, largest share first. */
function categoryDrifts({ features }: Manifest, { categories }: ModelMoments): CategoryDrift[] {
  return [...categories]
    .map(([column, { rows, unseen }]) => ({
      feature: features.names?.[column] ?? column,
      unseen: rows === 0 ? 0 : unseen / rows,
    }))
    .filter(({ unseen }) => unseen > 0)
    .toSorted((a, b) => b.unseen - a.unseen)
    .slice(0, REPORTED);
}

/** Returns the drift of every numeric feature that has been seen. An unchanged constant has not shifted. */
function featureDrifts({ features }: Manifest, moments: Moments): FeatureDrift[] {
  const { mean: means, standardDeviation: deviations } = features.statistics;
  const drifts: FeatureDrift[] = [];
  for (let column = 0; column < moments.origin.length; column++) {
    const mean = means[column] ?? null;
    const deviation = deviations[column] ?? null;
    const seen = momentsOf(moments, column);
    if (mean === null || deviation === null || seen === null) continue;
    const standardDeviation = Math.sqrt(seen.variance);
    const isSame = deviation === 0 && isSameConstant(Math.abs(seen.offset) + standardDeviation, mean);
    drifts.push({
      feature: features.names?.[column] ?? column,
      mean: mean + seen.offset,
      standardDeviation,
      shift: isSame ? 0 : ratio(Math.abs(seen.offset), deviation),
      varianceRatio: isSame ? 1 : ratio(seen.variance, deviation ** 2),
      missing: 1 - seen.count / moments.weight,
    });
  }
  return drifts;
}

function errorDrift(
  { reconstructionError }: Manifest,
  moments: Moments,
): DriftSummary['reconstructionError'] {
  const seen = momentsOf(moments, 0);
  if (!seen || !reconstructionError) return null;
  return {
    rows: seen.count,
    mean: Math.max(0, reconstructionError.mean + seen.offset),
    standardDeviation: Math.sqrt(seen.variance),
    shift: ratio(seen.offset, reconstructionError.standardDeviation),
  };
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
