/** Counters of the requests that this isolate has copied to shadows, and of how their answers differ. */
import type { OperationName } from '../../shared/manifest.ts';
import { BUCKETS, bucketOf } from './metrics.ts';

/** Limit of separate series. Versions come and go: beyond it, the oldest one is forgotten. */
const MAX_SERIES = 100;

/** Two versions of a model, and the operation that both were asked for. */
export interface ShadowPair {
  readonly model: string;
  /** The version that answered the client. */
  readonly production: string;
  /** The version whose answer nobody saw. */
  readonly shadow: string;
  readonly operation: OperationName;
}

/** Differences of two answers to the same rows, added up over rows. */
export interface Difference {
  /** Number of rows. */
  readonly rows: number;
  /** Number of pairs of numbers that mean the same in both answers; sum and largest of their absolute differences. */
  readonly values: number;
  readonly sum: number;
  readonly largest: number;
  /** Number of rows with a verdict, or a first item, and of those in which it is another one. */
  readonly judged: number;
  readonly differing: number;
}

export interface ShadowSeries extends ShadowPair {
  /** Requests that both versions have answered. */
  requests: number;
  /** Requests that the shadow could not answer. */
  errors: number;
  /** Requests that were not copied, because the isolate was busy or the request too large. */
  dropped: number;
  difference: Difference;
  /** Number of answers by duration: one bucket per bound in `BUCKETS`, and one for longer ones. */
  readonly durations: Float64Array;
  readonly productionDurations: Float64Array;
  /** Sums of the durations, in seconds. */
  seconds: number;
  productionSeconds: number;
}

/** The durations of both answers, in milliseconds. */
export interface BothDurations {
  readonly shadow: number;
  readonly production: number;
}

export interface Shadows {
  answered(pair: ShadowPair, difference: Difference, durations: BothDurations): void;
  failed(pair: ShadowPair): void;
  dropped(pair: ShadowPair): void;
  /** Returns all series, in order of first use. */
  series(): readonly ShadowSeries[];
}

export const NO_DIFFERENCE: Difference = { rows: 0, values: 0, sum: 0, largest: 0, judged: 0, differing: 0 };

/** Adds differences up. */
export function joined(a: Difference, b: Difference): Difference {
  return {
    rows: a.rows + b.rows,
    values: a.values + b.values,
    sum: a.sum + b.sum,
    largest: Math.max(a.largest, b.largest),
    judged: a.judged + b.judged,
    differing: a.differing + b.differing,
  };
}

/** Creates counters at 0; one instance per isolate. */
export function createShadows(): Shadows {
  const known = new Map<string, ShadowSeries>();
  const seriesOf = (pair: ShadowPair): ShadowSeries => {
    const key = `${pair.model}@${pair.production}/${pair.shadow}/${pair.operation}`;
    const found = known.get(key) ?? newSeries(pair);
    const [oldest] = known.keys();
    if (!known.has(key) && known.size >= MAX_SERIES) known.delete(oldest!);
    known.set(key, found);
    return found;
  };
  return {
    answered(pair, difference, { shadow, production }) {
      const series = seriesOf(pair);
      series.requests += 1;
      series.difference = joined(series.difference, difference);
      series.durations[bucketOf(shadow / 1000)]! += 1;
      series.productionDurations[bucketOf(production / 1000)]! += 1;
      series.seconds += shadow / 1000;
      series.productionSeconds += production / 1000;
    },
    failed: (pair) => {
      seriesOf(pair).errors += 1;
    },
    dropped: (pair) => {
      seriesOf(pair).dropped += 1;
    },
    series: () => [...known.values()],
  };
}

function newSeries({ model, production, shadow, operation }: ShadowPair): ShadowSeries {
  return {
    ...{ model, production, shadow, operation },
    ...{ requests: 0, errors: 0, dropped: 0, difference: NO_DIFFERENCE },
    durations: new Float64Array(BUCKETS.length + 1),
    productionDurations: new Float64Array(BUCKETS.length + 1),
    ...{ seconds: 0, productionSeconds: 0 },
  };
}
