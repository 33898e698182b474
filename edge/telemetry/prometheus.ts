/** Metrics in the text format of Prometheus (version 0.0.4). */
import type { DriftSummary } from '../../shared/adminApi.ts';
import { histogram, type MetricFamily, type MetricLabels, type MetricSample } from './metricFamily.ts';
import type { Metrics, Series } from './metrics.ts';
import { type ScrapedShadows, SHADOW_FAMILIES } from './shadowFamilies.ts';

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A version of a model that answers, or that an alias names. */
interface ScrapedModel {
  readonly name: string;
  readonly version: string;
  /** Time at which it was made, in milliseconds. */
  readonly createdAt: number;
  readonly drift: DriftSummary;
}

/** The state of an isolate. */
export interface Scraped extends ScrapedShadows {
  readonly metrics: Metrics;
  readonly models: readonly ScrapedModel[];
  readonly aliases: readonly {
    readonly model: string;
    readonly alias: string;
    readonly version: string;
    readonly isInForce: boolean;
  }[];
  /** Failed reads of the bucket. */
  readonly failures: number;
  readonly unavailable: readonly string[];
}

const FAMILIES: Readonly<Record<string, MetricFamily<Scraped>>> = {
  requests_total: {
    type: 'counter',
    help: 'Requests answered',
    samples: ({ metrics }) =>
      metrics
        .series()
        .flatMap((series) =>
          [...series.statuses].map(
            ([status, count]): MetricSample => [{ ...labelsOf(series), status }, count],
          ),
        ),
  },
  request_duration_seconds: {
    type: 'histogram',
    help: 'Seconds until the answer began',
    samples: ({ metrics }) =>
      metrics.series().flatMap((series) => histogram(labelsOf(series), series.durations, series.seconds)),
  },
  rows_total: {
    type: 'counter',
    help: 'Rows received',
    samples: ({ metrics }) => metrics.series().map((series): MetricSample => [labelsOf(series), series.rows]),
  },
  unanswered_rows_total: {
    type: 'counter',
    help: 'Rows that had a problem of their own in a request that was answered',
    samples: ({ metrics }) =>
      metrics.series().map((series): MetricSample => [labelsOf(series), series.unanswered]),
  },
  unseen_categories_total: {
    type: 'counter',
    help: 'Categories received that the training rows do not have',
    samples: ({ metrics }) =>
      metrics.series().map((series): MetricSample => [labelsOf(series), series.unseen]),
  },
  problems_total: {
    type: 'counter',
    help: 'Requests answered with a problem, by type',
    samples: ({ metrics: { problems } }) =>
      [...problems].map(([problem, count]): MetricSample => [{ problem }, count]),
  },
  logged_rows_total: {
    type: 'counter',
    help: 'Rows for training: written to ROWS, failed to be written, or dropped because too many waited',
    samples: ({ metrics: { loggedRows } }) =>
      Object.entries(loggedRows).map(([outcome, rows]): MetricSample => [{ outcome }, rows]),
  },
  ...SHADOW_FAMILIES,
  drift_rows: {
    type: 'gauge',
    help: 'Weight of the rows behind the drift figures',
    samples: ({ models }) => perModel(models, ({ drift: { rows } }) => rows),
  },
  drift_score: {
    type: 'gauge',
    help: 'Mean shift of the features in standard deviations of training, each capped at 1',
    samples: ({ models }) => perModel(models, ({ drift: { score } }) => score),
  },
  reconstruction_error_shift: {
    type: 'gauge',
    help: 'Shift of the mean reconstruction error in standard deviations of training',
    samples: ({ models }) =>
      perModel(models, ({ drift: { reconstructionError } }) => reconstructionError?.shift),
  },
  model_created_timestamp_seconds: {
    type: 'gauge',
    help: 'Time at which the version was made, in seconds since 1970',
    samples: ({ models }) => perModel(models, ({ createdAt }) => createdAt / 1000),
  },
  alias: {
    type: 'gauge',
    help: 'Version that the alias names: 1 if it answers, 0 while another version answers in its place',
    samples: ({ aliases }) =>
      aliases.map(
        ({ model, alias, version, isInForce }): MetricSample => [
          { model, alias, version },
          Number(isInForce),
        ],
      ),
  },
  bucket_failures_total: {
    type: 'counter',
    help: 'Reads of the bucket that failed, or found something damaged',
    samples: ({ failures }) => [[{}, failures]],
  },
  unavailable: {
    type: 'gauge',
    help: 'Aliases, versions or bucket that cannot be read, or are damaged, now',
    samples: ({ unavailable }) => unavailable.map((subject): MetricSample => [{ subject }, 1]),
  },
};

/**
 * Returns the metrics of this isolate. Every isolate counts from 0; Cloudflare runs many, and a scrape
 * reaches any of them.
 *
 * @example
 * prometheusText({ metrics: createMetrics(), shadows: createShadows(), models: [], aliases: [], failures: 0, unavailable: [] });
 */
export function prometheusText(scraped: Scraped): string {
  const lines: string[] = [];
  for (const [name, { type, help, samples }] of Object.entries(FAMILIES)) {
    lines.push(`# HELP latentedge_${name} ${help} (this isolate only, since its start).`);
    lines.push(`# TYPE latentedge_${name} ${type}`);
    for (const [labels, value, suffix = ''] of samples(scraped)) {
      if (value !== null && value !== undefined)
        lines.push(`latentedge_${name}${suffix}${braced(labels)} ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function perModel(
  models: readonly ScrapedModel[],
  value: (model: ScrapedModel) => MetricSample[1],
): MetricSample[] {
  return models.map((each): MetricSample => [{ model: each.name, version: each.version }, value(each)]);
}

function labelsOf({ model, version, operation }: Series): MetricLabels {
  return { model, version, operation };
}

/** Formats labels; names of models, versions, operations, problems and objects need no escaping. */
function braced(labels: MetricLabels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}
