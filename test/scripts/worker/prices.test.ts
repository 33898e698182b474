import { expect, test } from 'vitest';
import { exceeded } from '../../../scripts/worker/budget/limits.ts';
import { monthlyCost } from '../../../scripts/worker/budget/prices.ts';

// Worked out by hand from https://developers.cloudflare.com/workers/platform/pricing/ as of 2026-10-02.
test.each([
  ['free', 1e6, 1, 0],
  ['free', 3e6, 9, 0],
  ['free', 10e6, 0.1, undefined],
  ['paid', 1e6, 0.2, 5],
  ['paid', 10e6, 3, 5],
  // 90 million requests beyond the included ones; 20 of 30 million ms of CPU time are used.
  ['paid', 100e6, 0.2, 32],
  // 70 million ms beyond the included ones.
  ['paid', 100e6, 1, 33.4],
] as const)(
  'a month on the %s plan of %d requests of %d ms costs %s dollars',
  (plan, requests, cpuMs, cost) => {
    const received = monthlyCost(plan, requests, cpuMs);
    expect(received && Number(received.toFixed(6))).toBe(cost);
  },
);

const FITS = { upload: 1, memory: 1, startup: 1, firstRequest: 1, request: 1, meanRequest: 1 };

test('uploads of up to 64 MiB fit both plans; 10 ms of CPU time are the limit of the free one', () => {
  const large = { ...FITS, upload: 64 * 1024 };
  expect([exceeded(large, 'free'), exceeded(large, 'paid')]).toEqual([[], []]);
  expect(exceeded({ ...FITS, upload: 64 * 1024 + 1 }, 'paid')).toEqual(['upload']);
  const slow = { ...FITS, firstRequest: 10.5 };
  expect([exceeded(slow, 'free'), exceeded(slow, 'paid')]).toEqual([['firstRequest'], []]);
});
