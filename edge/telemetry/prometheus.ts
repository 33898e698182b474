/** Metrics in the text format of Prometheus (version 0.0.4). */
import type { DriftSummary } from '../../shared/adminApi.ts';
import { BUCKETS, type Metrics, type Series } from './metrics.ts';

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The drift of one version of a model. */
export interface ModelDrift {
  readonly name: string;
  readonly version: string;
  readonly drift: DriftSummary;
}

type MetricLabels = Readonly<Record<string, string | number>>;
/** A sample; null and undefined values are left out. */
type MetricSample = readonly [labels: MetricLabels, value: number | null | undefined, suffix?: string];

interface MetricFamily {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: (metrics: Metrics, models: readonly ModelDrift[]) => readonly MetricSample[];
}

const FAMILIES: Readonly<Record<string, MetricFamily>> = {
  requests_total: {
    type: 'counter',
    help: 'Requests answered',
    samples: (metrics) =>
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
    samples: (metrics) => metrics.series().flatMap(histogram),
  },
  rows_total: {
    type: 'counter',
    help: 'Rows received',
    samples: (metrics) => metrics.series().map((series): MetricSample => [labelsOf(series), series.rows]),
  },
  unanswered_rows_total: {
    type: 'counter',
    help: 'Rows that had a problem of their own in a request that was answered',
    samples: (metrics) =>
      metrics.series().map((series): MetricSample => [labelsOf(series), series.unanswered]),
  },
  unseen_categories_total: {
    type: 'counter',
    help: 'Categories received that the training rows do not have',
    samples: (metrics) => metrics.series().map((series): MetricSample => [labelsOf(series), series.unseen]),
  },
  problems_total: {
    type: 'counter',
    help: 'Requests answered with a problem, by type',
    samples: ({ problems }) => [...problems].map(([problem, count]): MetricSample => [{ problem }, count]),
  },
  drift_rows: {
    type: 'gauge',
    help: 'Weight of the rows behind the drift figures',
    samples: (_, models) => perModel(models, ({ rows }) => rows),
  },
  drift_score: {
    type: 'gauge',
    help: 'Mean shift of the features in standard deviations of training, each capped at 1',
    samples: (_, models) => perModel(models, ({ score }) => score),
  },
  reconstruction_error_shift: {
    type: 'gauge',
    help: 'Shift of the mean reconstruction error in standard deviations of training',
    samples: (_, models) => perModel(models, ({ reconstructionError }) => reconstructionError?.shift),
  },
};

/**
 * Returns the metrics of this isolate. Every isolate counts from 0; Cloudflare runs many, and a scrape
 * reaches any of them.
 *
 * @example
 * prometheusText(createMetrics(), []);
 */
export function prometheusText(metrics: Metrics, models: readonly ModelDrift[]): string {
  const lines: string[] = [];
  for (const [name, { type, help, samples }] of Object.entries(FAMILIES)) {
    lines.push(`# HELP latentedge_${name} ${help} (this isolate only, since its start).`);
    lines.push(`# TYPE latentedge_${name} ${type}`);
    for (const [labels, value, suffix = ''] of samples(metrics, models)) {
      if (value !== null && value !== undefined)
        lines.push(`latentedge_${name}${suffix}${braced(labels)} ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function histogram(series: Series): MetricSample[] {
  const labels = labelsOf(series);
  let count = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, bucket): MetricSample => {
    count += series.durations[bucket]!;
    return [{ ...labels, le }, count, '_bucket'];
  });
  return [...buckets, [labels, series.seconds, '_sum'], [labels, count, '_count']];
}

function perModel(
  models: readonly ModelDrift[],
  value: (drift: DriftSummary) => MetricSample[1],
): MetricSample[] {
  return models.map(({ name, version, drift }): MetricSample => [{ model: name, version }, value(drift)]);
}

function labelsOf({ model, version, operation }: Series): MetricLabels {
  return { model, version, operation };
}

/** Formats labels; names of models, versions, operations and problems need no escaping. */
function braced(labels: MetricLabels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}
