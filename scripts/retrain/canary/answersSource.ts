/** Where the answers of a Worker to clients are counted. */
import type { AdminStats } from '../../../shared/adminApi.ts';

/** Answers by version of a model, since a time that stays the same for `isolate`. */
export interface CountedAnswers extends Pick<AdminStats, 'isolate' | 'durationBounds'> {
  readonly models: readonly {
    readonly name: string;
    readonly version: string;
    readonly requests: number;
    readonly errors: number;
    readonly durations: readonly number[];
  }[];
}

export interface AnswersSource {
  /** Returns the counts so far; undefined if they are not known. */
  read(): Promise<CountedAnswers | undefined>;
  /** Describes where the answers were counted, for people. */
  where(isolates: number): string;
}

/** Names of the sources, with what they count. */
export const ANSWERS_SOURCES = {
  stats: { summary: 'those of the isolates whose /admin/stats happen to answer' },
  analytics: { summary: 'those of all isolates, by Workers Analytics Engine' },
} as const;

export type AnswersSourceName = keyof typeof ANSWERS_SOURCES;
export const ANSWERS_SOURCE_NAMES = Object.keys(ANSWERS_SOURCES) as AnswersSourceName[];
