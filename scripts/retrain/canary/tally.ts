/**
 * Answers by version, summed over the isolates of a Worker. Each reading of `/admin/stats` comes from any of them,
 * and counts from its own start.
 */
import type { CountedAnswers } from './answersSource.ts';

export interface VersionCounts {
  readonly answers: number;
  readonly errors: number;
  /** Answers by duration: one number per bound of `durationBounds`, and one for longer ones. */
  readonly durations: readonly number[];
}

export interface Tally {
  add(counted: CountedAnswers): void;
  /** Returns what a version has answered since the first reading of each isolate. */
  counts(version: string): VersionCounts;
  /** Number of isolates that have answered. */
  readonly isolates: number;
  /** Upper bounds of the durations, in seconds. */
  readonly bounds: readonly number[];
}

export function tally(model: string): Tally {
  const first = new Map<string, ReadonlyMap<string, CountedAnswers['models'][number]>>();
  const last: typeof first = new Map();
  let bounds: readonly number[] = [];
  return {
    add: ({ isolate, durationBounds, models }) => {
      const own = models.filter(({ name }) => name === model);
      const versions = new Map(own.map((each) => [each.version, each]));
      if (!first.has(isolate)) first.set(isolate, versions);
      last.set(isolate, versions);
      bounds = durationBounds;
    },
    counts: (version) => {
      const sum = { answers: 0, errors: 0, durations: [...bounds, Infinity].map(() => 0) };
      for (const [isolate, now] of last) {
        const [from, to] = [first.get(isolate)!.get(version), now.get(version)];
        if (to === undefined) continue;
        sum.answers += to.requests - (from?.requests ?? 0);
        sum.errors += to.errors - (from?.errors ?? 0);
        for (const [i, count] of to.durations.entries())
          sum.durations[i]! += count - (from?.durations[i] ?? 0);
      }
      return sum;
    },
    get isolates() {
      return last.size;
    },
    get bounds() {
      return bounds;
    },
  };
}

/** Returns the least bound that a share of the answers does not exceed; Infinity if none is. */
export function durationBelow(
  { durations }: Pick<VersionCounts, 'durations'>,
  bounds: readonly number[],
  share: number,
): number {
  const total = durations.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [i, bound] of bounds.entries()) {
    below += durations[i] ?? 0;
    if (total > 0 && below >= share * total) return bound;
  }
  return Number.POSITIVE_INFINITY;
}

/** Returns the number of answers that took longer than one of the bounds. */
export function slowerThan({ durations }: VersionCounts, bounds: readonly number[], bound: number): number {
  return durations.reduce((sum, count, i) => sum + ((bounds[i] ?? Infinity) > bound ? count : 0), 0);
}
