import { describe, expect, it } from 'vitest';
import {
  expectedColdShare,
  simulatedColdShare,
  zipfShares,
} from '../../../scripts/measure/capacity/coldShare.ts';
import { marginalCost, monthWith, useOf } from '../../../scripts/measure/capacity/jobCost.ts';
import { type JobAssumptions, simulateJob } from '../../../scripts/measure/capacity/jobRun.ts';

describe('cold isolates', () => {
  it('shares follow the law of Zipf', () => {
    const shares = zipfShares({ locations: 3, exponent: 1 });
    for (const [place, share] of [6 / 11, 3 / 11, 2 / 11].entries())
      expect(shares[place]).toBeCloseTo(share, 12);
    expect(zipfShares({ locations: 4, exponent: 0 })).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('one location has none before in time with the probability of an empty interval', () => {
    const traffic = { locations: 1, exponent: 1, requestsPerSecond: 0.5, lifetime: 3 };
    expect(expectedColdShare(traffic)).toBeCloseTo(Math.exp(-1.5), 12);
    expect(expectedColdShare({ ...traffic, lifetime: 0 })).toBe(1);
  });

  it.each([
    { locations: 1, exponent: 1, requestsPerSecond: 0.5, lifetime: 3 },
    { locations: 30, exponent: 1, requestsPerSecond: 1, lifetime: 10 },
    { locations: 300, exponent: 0.5, requestsPerSecond: 20, lifetime: 10 },
  ])('the simulation approaches the sum: %j', (traffic) => {
    const share = expectedColdShare(traffic);
    const requests = 50_000;
    // Neighbouring requests depend on each other a little, so that more than the binomial error is allowed.
    const error = Math.sqrt((share * (1 - share)) / requests);
    expect(Math.abs(simulatedColdShare(traffic, requests, 1) - share)).toBeLessThan(6 * error);
    expect(simulatedColdShare(traffic, 1000, 7)).toBe(simulatedColdShare(traffic, 1000, 7));
  });
});

describe('a job', () => {
  /** Nothing takes time but the chunks, of 8192 rows and a second each. */
  const plain: JobAssumptions = {
    ...{ rowsPerSecond: 8192, consumers: 1, planned: Infinity, joined: Infinity },
    ...{ delivery: 0, spread: 0, repeated: 0 },
  };
  const file = { rows: 4 * 8192, rowBytes: 100, answerBytes: 100 };
  /** The n-th look, after pauses of 0.25 s that grow by a tenth: 0.25 x (1.1^n - 1) / 0.1. */
  const look = (n: number) => 2.5 * (1.1 ** n - 1);

  it('ends with the first look after the last chunk', () => {
    const alone = simulateJob(file, plain, 1);
    expect(alone).toMatchObject({ chunks: 4, deliveries: 4, windows: 1, parts: 1, looks: 12 });
    expect(alone.seconds).toBeCloseTo(look(11), 9);
    expect([look(10) < 4, look(11) >= 4]).toEqual([true, true]);
    expect(simulateJob(file, { ...plain, consumers: 2 }, 1).seconds).toBeCloseTo(look(7), 9);
    // Steps: 6 of any job, a window, a look and a pause each, and one of joining.
    expect(alone.steps).toBe(6 + 1 + 2 * 12 + 1);
  });

  it('takes the time of planning, before which nothing is seen, and of joining, after everything', () => {
    const bytes = 4 * 8192 * 100;
    const own = { ...plain, rowsPerSecond: 1e9, planned: bytes / 60, joined: bytes / 30 };
    // All is answered within the first pause after planning.
    expect(simulateJob(file, own, 1).seconds).toBeCloseTo(60 + look(1) + 30, 9);
  });

  it('has chunks of 4 MiB, if rows are long, and delivers some of them twice', () => {
    const long = { rows: 1000, rowBytes: 1024 * 1024, answerBytes: 10 };
    const { chunks, windows, deliveries } = simulateJob(long, { ...plain, repeated: 0.5 }, 3);
    expect([chunks, windows]).toEqual([250, 16]);
    // A geometric distribution of mean 2.
    expect(deliveries).toBeGreaterThan(420);
    expect(deliveries).toBeLessThan(580);
  });

  it('costs what the prices say', () => {
    const million = 1_000_000;
    const each = { cpuMs: million, invocations: million, queue: million, classA: million, classB: million };
    expect(marginalCost(each)).toBeCloseTo(0.02 + 0.3 + 0.4 + 4.5 + 0.36, 9);
    expect(monthWith(each)).toBe(5);
    const much = {
      ...{ cpuMs: 40 * million, invocations: 11 * million },
      ...{ queue: 2 * million, classA: 3 * million, classB: 12 * million },
    };
    expect(monthWith(much)).toBeCloseTo(5 + 0.2 + 0.3 + 0.4 + 9 + 0.72, 9);
    const job = { seconds: 1, chunks: 10, deliveries: 12, steps: 40, looks: 8, windows: 2, parts: 3 };
    expect(useOf(job, 1000, 0.5)).toEqual({
      ...{ cpuMs: 500, invocations: 7, queue: 32 },
      ...{ classA: 12 + 40 + 8 + 2 + 3, classB: 60 + 40 + 2 + 10 },
    });
  });
});
