import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurns, SMALL } from '../../edge/runtime/turns.ts';

const LARGE = 8_000_000;
/** Twice what its work takes. */
const TURN_MS = 160;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for turns at the same time, and returns after how many milliseconds each has come. */
async function waits(turns: (bytes: number) => Promise<void>, bodies: readonly number[]): Promise<number[]> {
  const start = Date.now();
  const all = Promise.all(bodies.map((bytes) => turns(bytes).then(() => Date.now() - start)));
  await vi.runAllTimersAsync();
  return all;
}

test('large bodies follow each other at a distance while there are small ones, which never wait', async () => {
  const turns = createTurns();
  expect(await waits(turns, [LARGE, LARGE, LARGE])).toEqual([0, 0, 0]);
  expect(await waits(turns, [SMALL, LARGE, LARGE, SMALL, LARGE / 2, LARGE])).toEqual([
    ...[0, 0, TURN_MS, 0, 2 * TURN_MS, 2.5 * TURN_MS],
  ]);
  vi.advanceTimersByTime(1000);
  expect(await waits(turns, [LARGE, LARGE])).toEqual([0, 0]);
});

test('bodies that take a few milliseconds never wait', async () => {
  const turns = createTurns();
  const mebibyte = 2 ** 20;
  expect(await waits(turns, [SMALL, LARGE, mebibyte, mebibyte, mebibyte + 1])).toEqual([
    ...[0, 0, 0, 0, TURN_MS],
  ]);
});

test('nobody waits for a clock that has been set back', async () => {
  const turns = createTurns();
  await waits(turns, [SMALL, LARGE]);
  vi.setSystemTime(Date.now() - 3_600_000);
  // It is unknown how long ago the small one was.
  expect(await waits(turns, [LARGE, LARGE])).toEqual([0, 0]);
  expect(await waits(turns, [SMALL, LARGE, LARGE])).toEqual([0, 0, TURN_MS]);
});
