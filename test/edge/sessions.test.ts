import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '../../edge/runtime/session.ts';
import { Sessions } from '../../edge/runtime/sessions.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Sessions of 10 bytes each in a cache with room for two; what is open, and what was opened in all. */
function cache(limit = 20) {
  const sessions = new Sessions(limit);
  const open: string[] = [];
  const opened: string[] = [];
  const session = (key: string): Session => ({
    ...{ inputNames: [], outputNames: [] },
    run: () => Promise.reject(new Error('not run here')),
    release: async () => {
      open.splice(open.indexOf(key), 1);
    },
  });
  const use = (key: string, work: () => Promise<unknown> = async () => undefined, bytes = 10) =>
    sessions.use(
      key,
      bytes,
      async () => {
        opened.push(key);
        open.push(key);
        await Promise.resolve();
        return session(key);
      },
      async () => {
        expect(open).toContain(key);
        await work();
        expect(open).toContain(key);
      },
    );
  return { sessions, use, open, opened };
}

function gate() {
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return { pass, passed };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

test('the session that was not used for the longest makes room', async () => {
  const { use, open, opened } = cache();
  for (const key of ['a', 'b', 'a', 'c', 'a']) await use(key);
  expect(open).toEqual(['a', 'c']);
  expect(opened).toEqual(['a', 'b', 'c']);
});

test('a session in use stays, and who needs its room waits', async () => {
  const { use, open } = cache();
  const [a, b] = [gate(), gate()];
  const running = [use('a', () => a.passed), use('b', () => b.passed)];
  const waiting = use('c');
  await turn();
  expect(open).toEqual(['a', 'b']);
  b.pass();
  await waiting;
  expect(open).toEqual(['a', 'c']);
  a.pass();
  await Promise.all(running);
});

test('who finds no room in 10 s is told so, and a later one is not held up', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  const { use, open } = cache(10);
  const a = gate();
  const running = use('a', () => a.passed);
  const waiting = use('b');
  const refused = expect(waiting).rejects.toThrow('waiting for room in the cache of models: no answer');
  await vi.advanceTimersByTimeAsync(10_000);
  await refused;
  a.pass();
  await running;
  await use('c');
  expect(open).toEqual(['c']);
  await vi.advanceTimersByTimeAsync(10_000);
  await use('b');
  expect(open).toEqual(['b']);
});

test('what is larger than the whole cache has it for itself', async () => {
  const { use, open } = cache();
  await use('a');
  await use('large', undefined, 50);
  expect(open).toEqual(['large']);
  await use('b');
  expect(open).toEqual(['b']);
});

test('concurrent callers share one load; work that fails leaves the session open', async () => {
  const { use, open, opened } = cache();
  await Promise.all(Array.from({ length: 20 }, () => use('a')));
  const failing = use('a', () => Promise.reject(new Error('the run failed')));
  await expect(failing).rejects.toThrow('the run failed');
  await use('a');
  expect([open, opened]).toEqual([['a'], ['a']]);
});

test('a load that fails frees its room, and is tried again after 10 s', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { sessions, use, open } = cache();
  let attempts = 0;
  const fail = () =>
    sessions.use(
      'broken',
      20,
      () => {
        attempts++;
        return Promise.reject(new Error(`attempt ${attempts}`));
      },
      async () => undefined,
    );
  await expect(Promise.all([fail(), fail()])).rejects.toThrow('attempt 1');
  await expect(fail()).rejects.toThrow('attempt 1');
  await use('a');
  await use('b');
  expect(open).toEqual(['a', 'b']);
  vi.advanceTimersByTime(10_000);
  await expect(fail()).rejects.toThrow('attempt 2');
});

test('a thousand uses of ten sessions at once never open more than there is room for', async () => {
  const { use, open } = cache(30);
  let most = 0;
  const uses = Array.from({ length: 1000 }, (_, index) =>
    use(`${(index * 7) % 10}`, async () => {
      await turn();
      most = Math.max(most, open.length);
    }),
  );
  await Promise.all(uses);
  expect(most).toBe(3);
});
