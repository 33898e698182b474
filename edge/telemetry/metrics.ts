/** Counters of the requests that this isolate has answered. */
import type { ProblemSlug } from '../problems.ts';
import type { RequestRecord } from './record.ts';

/** Upper bounds of the histogram of durations, in seconds. */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Limit of separate series. Models come and go: beyond it, further ones are counted together. */
const MAX_SERIES = 1000;

/** Requests for one operation of one version of a model; names are empty for requests without a model. */
export interface Series {
  readonly model: string;
  readonly version: string;
  readonly operation: string;
  /** Number of requests, by status. */
  readonly statuses: Map<number, number>;
  /** Number of requests by duration: one bucket per bound in `BUCKETS`, and one for longer requests. */
  readonly durations: Float64Array;
  /** Sum of the durations, in seconds. */
  seconds: number;
  rows: number;
  /** Number of rows that had a problem of their own. */
  unanswered: number;
  /** Number of categories that training did not see. */
  unseen: number;
}

export interface Metrics {
  count(record: RequestRecord, status: number, milliseconds: number): void;
  /** Returns all series, in order of first use. */
  series(): readonly Series[];
  readonly problems: ReadonlyMap<ProblemSlug, number>;
  /** Number of rows to be kept for training that were written, could not be, or found no room to wait. */
  readonly loggedRows: Record<'written' | 'failed' | 'dropped', number>;
}

/**
 * Creates counters at 0; one instance per isolate.
 *
 * @example
 * const metrics = createMetrics();
 * metrics.count(record, 200, 3);
 */
export function createMetrics(): Metrics {
  const known = new Map<string, Series>();
  const others = newSeries('other', '', '');
  const problems = new Map<ProblemSlug, number>();

  const seriesOf = ({ model = '', version = '', operation = '' }: RequestRecord): Series => {
    const key = `${model}@${version}/${operation}`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= MAX_SERIES) return others;
    const series = newSeries(model, version, operation);
    known.set(key, series);
    return series;
  };

  return {
    count(record, status, milliseconds) {
      const series = seriesOf(record);
      series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
      series.durations[bucketOf(milliseconds / 1000)]! += 1;
      series.seconds += milliseconds / 1000;
      series.rows += record.rows;
      series.unanswered += record.unanswered;
      series.unseen += record.unseen;
      if (record.problem !== undefined) problems.set(record.problem, (problems.get(record.problem) ?? 0) + 1);
    },
    series: () => [...known.values(), ...(others.statuses.size > 0 ? [others] : [])],
    problems,
    loggedRows: { written: 0, failed: 0, dropped: 0 },
  };
}

function newSeries(model: string, version: string, operation: string): Series {
  const durations = new Float64Array(BUCKETS.length + 1);
  return {
    model,
    version,
    operation,
    statuses: new Map(),
    durations,
    seconds: 0,
    rows: 0,
    unanswered: 0,
    unseen: 0,
  };
}

/** Returns the bucket of a duration. */
export function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]!) bucket++;
  return bucket;
}
