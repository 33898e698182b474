import { expect, test } from 'vitest';
import { createMutex } from '../../edge/runtime/mutex.ts';

const pause = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));

test('work runs one piece at a time, in order, each by whoever asked for it', async () => {
  const alone = createMutex(10_000);
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await pause();
    events.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all(['a', 'b', 'c'].map((name) => alone(work(name))))).toEqual(['a', 'b', 'c']);
  expect(events).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} starts`, `${name} ends`]));
});

test('work that fails rejects alone', async () => {
  const alone = createMutex(10_000);
  const failing = alone(() => pause().then(() => Promise.reject(new Error('failed'))));
  const fine = alone(async () => 'fine');
  await expect(failing).rejects.toThrow('failed');
  expect(await fine).toBe('fine');
});

test('work that never ends is taken for lost, after a while, and the rest runs one at a time again', async () => {
  const alone = createMutex(20);
  void alone(() => new Promise(() => undefined));
  let running = 0;
  const work = async () => {
    expect(++running).toBe(1);
    await pause(5);
    running--;
    return 'done';
  };
  const started = Date.now();
  expect(await Promise.all([alone(work), alone(work), alone(work)])).toEqual(['done', 'done', 'done']);
  expect(Date.now() - started).toBeGreaterThanOrEqual(19);
});

test('work that ends late, when it was taken for lost, does not let two others run side by side', async () => {
  const alone = createMutex(20);
  let end: () => void = () => undefined;
  const late = alone(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  let running = 0;
  const work = async (ms: number) => {
    expect(++running).toBe(1);
    await pause(ms);
    running--;
  };
  const first = alone(() => work(15));
  await pause(25);
  end();
  await Promise.all([late, first, alone(() => work(1))]);
});
