/** Judging a canary by what it answers to clients, as the answers come in. */
import { type Arm, safeTest } from './safeTest.ts';
import { durationBelow, slowerThan, type Tally, type VersionCounts } from './tally.ts';

/** Evidence at which a canary is refused: a canary as good as production reaches it once in 200 nights at most. */
const ENOUGH_EVIDENCE = 200;
/** Increase in the share of failed answers that is tolerated, however certain it is. */
const MORE_ERRORS = 0.01;
/** Increase in the share of slow answers that is tolerated. */
const MORE_SLOW = 0.05;
/** An answer is slow if it takes longer than this multiple of production's 95th percentile, plus a margin. */
export const SLOW = { times: 2, seconds: 0.1 } as const;
/** Answers of production from which its durations are known. */
const KNOWN_DURATIONS = 50;

export interface AnswersJudge {
  /** Looks at the answers so far. Returns the reason to refuse the canary; undefined if there is none. */
  look(): string | undefined;
  /** Answers of clients to each arm so far, without those to this run's own requests. */
  answers(): { readonly canary: number; readonly production: number };
}

export interface JudgedVersions {
  readonly production: string;
  readonly canary: string;
  /** Number of this run's own requests to a version, which are no answers to clients. */
  readonly ownRequests: (version: string) => number;
}

export function answersJudge(
  tally: Tally,
  { production, canary, ownRequests }: JudgedVersions,
): AnswersJudge {
  const errors = sequential((counts) => counts.errors);
  let slow: ReturnType<typeof sequential> | undefined;
  let bound = Number.POSITIVE_INFINITY;
  const clients = (version: string) => Math.max(0, tally.counts(version).answers - ownRequests(version));
  return {
    look: () => {
      const [a, b] = [tally.counts(production), tally.counts(canary)];
      if (slow === undefined && a.answers >= KNOWN_DURATIONS) {
        const allowed = SLOW.times * durationBelow(a, tally.bounds, 0.95) + SLOW.seconds;
        // Durations are known by the bounds of a histogram.
        bound = tally.bounds.find((each) => each >= allowed) ?? Number.POSITIVE_INFINITY;
        slow = sequential((counts) => slowerThan(counts, tally.bounds, bound));
      }
      return errors(a, b, MORE_ERRORS, 'failed') ?? slow?.(a, b, MORE_SLOW, `took longer than ${bound} s`);
    },
    answers: () => ({ canary: clients(canary), production: clients(production) }),
  };
}

/** A test of one kind of bad answers, fed with the counts so far. */
function sequential(badIn: (counts: VersionCounts) => number) {
  const test = safeTest();
  let before: readonly [Arm, Arm] = [
    { answers: 0, bad: 0 },
    { answers: 0, bad: 0 },
  ];
  return (
    production: VersionCounts,
    canary: VersionCounts,
    tolerance: number,
    what: string,
  ): string | undefined => {
    const arms = [production, canary].map((counts) => ({ answers: counts.answers, bad: badIn(counts) }));
    const [a, b] = arms as [Arm, Arm];
    const evidence = test.add(since(before[0], a), since(before[1], b));
    before = [a, b];
    const [shareA, shareB] = [a.bad / Math.max(1, a.answers), b.bad / Math.max(1, b.answers)];
    if (evidence < ENOUGH_EVIDENCE || shareB <= shareA + tolerance) return undefined;
    return `the canary ${what} in ${b.bad} of ${b.answers} answers, production in ${a.bad} of ${a.answers}`;
  };
}

function since(before: Arm, now: Arm): Arm {
  return { answers: now.answers - before.answers, bad: now.bad - before.bad };
}
