import { afterEach, expect, test, vi } from 'vitest';
import { Stale } from '../../edge/models/stale.ts';
import { elapsedSince } from '../../edge/runtime/elapsed.ts';
import { createGauge } from '../../edge/runtime/gauge.ts';
import { Memo } from '../../edge/runtime/memo.ts';
import { serialQueue } from '../../edge/runtime/queue.ts';
import { within } from '../../edge/runtime/within.ts';

afterEach(() => {
  vi.useRealTimers();
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

test('a queue runs one piece of work at a time, in order', async () => {
  const queue = serialQueue();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await turn();
    events.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all(['a', 'b', 'c'].map((name) => queue(work(name))))).toEqual(['a', 'b', 'c']);
  expect(events).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} starts`, `${name} ends`]));
});

test('work that fails, at once or later, rejects alone', async () => {
  const queue = serialQueue();
  const atOnce = queue(() => {
    throw new Error('at once');
  });
  const later = queue(() => turn().then(() => Promise.reject(new Error('later'))));
  const fine = queue(async () => 'fine');
  await expect(atOnce).rejects.toThrow('at once');
  await expect(later).rejects.toThrow('later');
  expect(await fine).toBe('fine');
  expect(await queue(async () => 'after')).toBe('after');
});

test('work may be queued by work', async () => {
  const queue = serialQueue();
  const inner = queue(async () => ({ promise: queue(async () => 'inner') }));
  expect(await (await inner).promise).toBe('inner');
});

test('a memo loads once for all who ask, after a failure not at once, and by key', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const memo = new Memo<number>({ capacity: 10, retryMs: 1000 });
  const outcomes: (() => Promise<number>)[] = [
    () => Promise.reject(new Error('first')),
    async () => 2,
    async () => 3,
  ];
  const load = () => turn().then(() => outcomes.shift()!());
  const failed = await Promise.allSettled([memo.get('a', load), memo.get('a', load)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  vi.advanceTimersByTime(999);
  await expect(memo.get('a', load)).rejects.toThrow('first');
  vi.advanceTimersByTime(1);
  expect(await Promise.all([memo.get('a', load), memo.get('a', load)])).toEqual([2, 2]);
  expect(await memo.get('b', load)).toBe(3);
  expect(await memo.get('a', load)).toBe(2);
});

test('a failure is not remembered longer than its time if the clock is set back', async () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now });
  const memo = new Memo<number>({ capacity: 10, retryMs: 1000 });
  await expect(memo.get('a', () => Promise.reject(new Error('first')))).rejects.toThrow('first');
  vi.setSystemTime(now - 3_600_000);
  expect(await memo.get('a', async () => 2)).toBe(2);
});

test('a value is read again if the clock is set back', async () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now });
  let reads = 0;
  const value = new Stale('value', async () => ++reads, { ttlMs: 1000, keepAlive: () => undefined });
  expect(await value.latest()).toBe(1);
  expect(await value.latest()).toBe(1);
  vi.setSystemTime(now - 3_600_000);
  expect(await value.latest()).toBe(2);
  expect(await value.latest()).toBe(2);
});

test('a part of a quantity is taken back if the clock is set back', () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now });
  const gauge = createGauge();
  expect(gauge.share(1000).resize(10, 10)).toBe(true);
  expect(gauge.share(1000).resize(10, 10)).toBe(false);
  vi.setSystemTime(now - 3_600_000);
  expect(gauge.share(1000).resize(10, 10)).toBe(true);
});

test('no duration is negative if the clock is set back', () => {
  expect(elapsedSince(performance.now() + 3_600_000)).toBe(0);
});

test('a memo forgets what was not asked for the longest', async () => {
  const memo = new Memo<string>({ capacity: 2, retryMs: 1000 });
  const loaded: string[] = [];
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    await memo.get(key, async () => {
      loaded.push(key);
      return key;
    });
  }
  expect(loaded).toEqual(['a', 'b', 'c', 'b']);
});

test('a wait is bounded, and what comes later is ignored', async () => {
  const never = new Promise<never>(() => undefined);
  await expect(within(5, 'the moon', never)).rejects.toThrow('the moon: no answer within 5 ms');
  await expect(within(5, 'it', Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(
    await within(
      5,
      'it',
      turn().then(() => 'fine'),
    ),
  ).toBe('fine');
});
