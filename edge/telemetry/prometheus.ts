/** Metrics in Prometheus' text format (version 0.0.4). */
import type { DriftSummary } from '../../shared/adminApi.ts';
import { BUCKETS, type Metrics } from './metrics.ts';

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** One version of a model and how far its rows have drifted. */
export interface ModelDrift {
  readonly name: string;
  readonly version: string;
  readonly drift: DriftSummary;
}

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];

/**
 * @example
 * prometheusText(createMetrics(), []);
 */
export function prometheusText(metrics: Metrics, drifts: readonly ModelDrift[]): string {
  const all = [...metrics.series];
  const seen = drifts.filter(({ drift }) => drift.rows > 0);
  const measured = drifts.flatMap(({ drift, ...model }) => {
    const shift = drift.reconstructionError?.shift ?? null;
    return shift === null ? [] : [{ ...model, shift }];
  });
  return [
    ...family('requests_total', 'counter', 'Requests answered', [
      ...all.flatMap(({ statuses, ...names }) =>
        [...statuses].map(([status, count]): Sample => [{ ...labelsOf(names), status }, count]),
      ),
    ]),
    ...family('request_duration_seconds', 'histogram', 'Time until the answer began', all.flatMap(histogram)),
    ...family(
      'rows_total',
      'counter',
      'Rows received',
      all.map((series): Sample => [labelsOf(series), series.rows]),
    ),
    ...family(
      'problems_total',
      'counter',
      'Requests answered with a problem, by its type',
      [...metrics.problems].map(([problem, count]): Sample => [{ problem }, count]),
    ),
    ...family(
      'drift_rows',
      'gauge',
      'Rows that the drift stands for',
      seen.map(({ name, version, drift }): Sample => [{ model: name, version }, drift.rows]),
    ),
    ...family(
      'drift_score',
      'gauge',
      'Mean shift of the features in standard deviations of training, each at most 1',
      seen.flatMap(({ name, version, drift }): Sample[] =>
        drift.score === null ? [] : [[{ model: name, version }, drift.score]],
      ),
    ),
    ...family(
      'reconstruction_error_shift',
      'gauge',
      'Shift of the mean reconstruction error in standard deviations of training',
      measured.map(({ name, version, shift }): Sample => [{ model: name, version }, shift]),
    ),
    '',
  ].join('\n');
}

/** Every isolate counts for itself, and starts at 0: Cloudflare runs many, and a scrape reaches any of them. */
function family(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  return [
    `# HELP latentedge_${name} ${help} (by this isolate alone, since it started).`,
    `# TYPE latentedge_${name} ${type}`,
    ...samples.map(([labels, value, suffix = '']) => `latentedge_${name}${suffix}${braced(labels)} ${value}`),
  ];
}

function histogram(
  series: Parameters<typeof labelsOf>[0] & { durations: Float64Array; seconds: number },
): Sample[] {
  const labels = labelsOf(series);
  let count = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, bucket): Sample => {
    count += series.durations[bucket]!;
    return [{ ...labels, le }, count, '_bucket'];
  });
  return [...buckets, [labels, series.seconds, '_sum'], [labels, count, '_count']];
}

function labelsOf({
  model,
  version,
  operation,
}: {
  model: string;
  version: string;
  operation: string;
}): Labels {
  return { model, version, operation };
}

/** Names of models, versions, operations and problems have nothing in them that would have to be escaped. */
function braced(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}
