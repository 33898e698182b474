import { expect, test } from 'vitest';
import { Memo } from '../../edge/runtime/memo.ts';
import { serialQueue } from '../../edge/runtime/queue.ts';

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

test('a memo loads once for all who ask, again after a failure, and by key', async () => {
  const memo = new Memo<number>();
  const outcomes: (() => Promise<number>)[] = [
    () => Promise.reject(new Error('first')),
    async () => 2,
    async () => 3,
  ];
  const load = () => turn().then(() => outcomes.shift()!());
  const failed = await Promise.allSettled([memo.get('a', load), memo.get('a', load)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([memo.get('a', load), memo.get('a', load)])).toEqual([2, 2]);
  expect(await memo.get('b', load)).toBe(3);
  expect(await memo.get('a', load)).toBe(2);
});
