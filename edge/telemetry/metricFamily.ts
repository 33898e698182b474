/** Metrics as Prometheus takes them: families of samples. */
import { BUCKETS } from './metrics.ts';

export type MetricLabels = Readonly<Record<string, string | number>>;
/** A sample; null and undefined values are left out. */
export type MetricSample = readonly [labels: MetricLabels, value: number | null | undefined, suffix?: string];

export interface MetricFamily<Scraped> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: (scraped: Scraped) => readonly MetricSample[];
}

/** Returns the samples of a histogram over `BUCKETS`. */
export function histogram(labels: MetricLabels, durations: Float64Array, seconds: number): MetricSample[] {
  let count = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, bucket): MetricSample => {
    count += durations[bucket]!;
    return [{ ...labels, le }, count, '_bucket'];
  });
  return [...buckets, [labels, seconds, '_sum'], [labels, count, '_count']];
}
