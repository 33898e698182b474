import { describe, expect, it } from 'vitest';
import { answersJudge } from '../../../scripts/retrain/canary/judgeAnswers.ts';
import { safeTest } from '../../../scripts/retrain/canary/safeTest.ts';
import { durationBelow, slowerThan, tally } from '../../../scripts/retrain/canary/tally.ts';
import type { AdminStats } from '../../../shared/adminApi.ts';
import { random } from '../../../shared/random.ts';

const BOUNDS = [0.01, 0.1, 1];

describe('the sequential test', () => {
  /** Answers of both arms, ten at a look; returns the largest evidence over all looks. */
  function largestEvidence(seed: number, shareA: number, shareB: number, looks: number): number {
    const source = random(seed, 'canary');
    const test = safeTest();
    const arm = (share: number, answers: number) => {
      let bad = 0;
      for (let i = 0; i < answers; i++) if (source.uniform() < share) bad++;
      return { answers, bad };
    };
    let largest = 0;
    for (let look = 0; look < looks; look++)
      largest = Math.max(largest, test.add(arm(shareA, 90), arm(shareB, 10)));
    return largest;
  }
  const shareOver = (limit: number, a: number, b: number) => {
    const runs = 1000;
    let over = 0;
    for (let seed = 0; seed < runs; seed++) if (largestEvidence(seed, a, b, 50) >= limit) over++;
    return over / runs;
  };

  it.each([0.001, 0.05, 0.5])(
    'seldom takes equal shares of %d for different ones, however often it looks',
    (share) => {
      expect(shareOver(20, share, share)).toBeLessThanOrEqual(0.05);
      expect(shareOver(200, share, share)).toBeLessThanOrEqual(0.005);
    },
  );

  it('finds larger shares, and never smaller ones', () => {
    expect(shareOver(200, 0.01, 0.1)).toBeGreaterThan(0.95);
    expect(shareOver(200, 0.1, 0.01)).toBeLessThanOrEqual(0.005);
  });
});

/** What an isolate reports: answers and failures by version, all within 10 ms unless they are slow. */
function stats(
  isolate: string,
  versions: Readonly<Record<string, { answers: number; errors?: number; slow?: number }>>,
): AdminStats {
  const drift = { rows: 0, score: null, features: [], categories: [], reconstructionError: null };
  return {
    ...{ isolate, durationBounds: BOUNDS, shadows: [], isolates: null },
    models: Object.entries(versions).map(([version, { answers, errors = 0, slow = 0 }]) => ({
      ...{ name: 'rain', version, requests: answers, rows: answers, errors, drift },
      durations: [answers - slow, 0, 0, slow],
    })),
  };
}

describe('the tally', () => {
  it('sums the isolates, each from its first reading on', () => {
    const counted = tally('rain');
    counted.add(stats('one', { a: { answers: 1000, errors: 7 } }));
    counted.add(stats('two', { a: { answers: 5 } }));
    counted.add(stats('one', { a: { answers: 1010, errors: 8 }, b: { answers: 3 } }));
    counted.add(stats('two', { a: { answers: 9 } }));
    expect([counted.counts('a'), counted.counts('b'), counted.isolates]).toEqual([
      { answers: 14, errors: 1, durations: [14, 0, 0, 0] },
      { answers: 3, errors: 0, durations: [3, 0, 0, 0] },
      2,
    ]);
  });

  it('reads durations off the histogram', () => {
    const counts = { answers: 100, errors: 0, durations: [90, 6, 3, 1] };
    expect([0.5, 0.95, 0.99, 1].map((share) => durationBelow(counts, BOUNDS, share))).toEqual([
      ...[0.01, 0.1, 1],
      Number.POSITIVE_INFINITY,
    ]);
    expect([0.01, 0.1, 1].map((bound) => slowerThan(counts, BOUNDS, bound))).toEqual([10, 4, 1]);
  });
});

describe('a canary', () => {
  const versions = { production: 'a', canary: 'b', ownRequests: () => 5 };
  const judged = (canary: { answers: number; errors?: number; slow?: number }, looks = 10) => {
    const counted = tally('rain');
    counted.add(stats('one', {}));
    const judge = answersJudge(counted, versions);
    let reason: string | undefined;
    for (let look = 1; look <= looks && reason === undefined; look++) {
      const part = (count = 0) => Math.round((count * look) / looks);
      counted.add(
        stats('one', {
          a: { answers: part(900), errors: part(9) },
          b: { answers: part(canary.answers), errors: part(canary.errors), slow: part(canary.slow) },
        }),
      );
      reason = judge.look();
    }
    return { reason, answers: judge.answers() };
  };

  it('that fails as often as production is not refused', () => {
    expect(judged({ answers: 200, errors: 2 })).toEqual({
      reason: undefined,
      answers: { canary: 195, production: 895 },
    });
  });

  it('that fails more often, or is slower, is', () => {
    expect(judged({ answers: 200, errors: 30 }).reason).toMatch(/^the canary failed in \d+ of \d+ answers/);
    expect(judged({ answers: 200, slow: 40 }).reason).toMatch(/^the canary took longer than \S+ s in/);
  });
});
