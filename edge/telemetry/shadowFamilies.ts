/** Metrics of shadows. */
import { histogram, type MetricFamily, type MetricLabels, type MetricSample } from './metricFamily.ts';
import type { ShadowSeries, Shadows } from './shadows.ts';

export interface ScrapedShadows {
  readonly shadows: Pick<Shadows, 'series'>;
}

export const SHADOW_FAMILIES: Readonly<Record<string, MetricFamily<ScrapedShadows>>> = {
  shadow_requests_total: {
    type: 'counter',
    help: 'Requests copied to a shadow: answered, failed, or dropped because the isolate was busy or they were too large',
    samples: ({ shadows }) =>
      shadows.series().flatMap((series): MetricSample[] => [
        [{ ...shadowLabels(series), outcome: 'answered' }, series.requests],
        [{ ...shadowLabels(series), outcome: 'failed' }, series.errors],
        [{ ...shadowLabels(series), outcome: 'dropped' }, series.dropped],
      ]),
  },
  shadow_verdicts_total: {
    type: 'counter',
    help: 'Rows with a verdict or a first item, by whether that of the shadow is the same',
    samples: ({ shadows }) =>
      shadows.series().flatMap((series): MetricSample[] => {
        const { judged, differing } = series.difference;
        return [
          [{ ...shadowLabels(series), verdict: 'same' }, judged - differing],
          [{ ...shadowLabels(series), verdict: 'other' }, differing],
        ];
      }),
  },
  shadow_mean_difference: {
    type: 'gauge',
    help: 'Mean absolute difference of the numbers that mean the same in the answers of shadow and production',
    samples: ({ shadows }) =>
      perShadow(shadows, ({ values, sum }) => (values === 0 ? undefined : sum / values)),
  },
  shadow_largest_difference: {
    type: 'gauge',
    help: 'Largest of these differences',
    samples: ({ shadows }) =>
      perShadow(shadows, ({ values, largest }) => (values === 0 ? undefined : largest)),
  },
  shadow_duration_seconds: {
    type: 'histogram',
    help: 'Seconds for the answer to a copied request, of the shadow and of the version in production',
    samples: ({ shadows }) =>
      shadows.series().flatMap((series): MetricSample[] => {
        const { durations, seconds, productionDurations, productionSeconds } = series;
        const labels = shadowLabels(series);
        return [
          ...histogram({ ...labels, answer_of: 'shadow' }, durations, seconds),
          ...histogram({ ...labels, answer_of: 'production' }, productionDurations, productionSeconds),
        ];
      }),
  },
};

function perShadow(
  shadows: Pick<Shadows, 'series'>,
  value: (difference: ShadowSeries['difference']) => MetricSample[1],
): MetricSample[] {
  return shadows.series().map((series): MetricSample => [shadowLabels(series), value(series.difference)]);
}

function shadowLabels({ model, production, shadow, operation }: ShadowSeries): MetricLabels {
  return { model, production, shadow, operation };
}
