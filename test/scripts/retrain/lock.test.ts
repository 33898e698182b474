import { hostname } from 'node:os';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { acquireLock, lockHolder } from '../../../scripts/retrain/lock.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { BusyError } from '../../../shared/errors.ts';

let bucket: ModelBucket;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ bucket, close } = await openBucket({ r2Buckets: ['MODELS'] }));
});
afterAll(() => close());
afterEach(() => {
  vi.useRealTimers();
});

const options = { seconds: 30, wait: 0, print: () => undefined };
const HOUR = 3_600_000;

/** A lock as another machine writes it. */
async function heldElsewhere(model: string, seconds: number): Promise<void> {
  const holder = {
    ...{ holder: 'other', token: 'theirs', host: 'elsewhere', pid: 1 },
    ...{ seconds, renewals: 0, released: false },
  };
  await bucket.put(`${model}/retrain/lock.json`, JSON.stringify(holder));
}

it('is held by one of many runs, and by the next once it is released', async () => {
  const attempts = Array.from({ length: 5 }, (_, i) =>
    acquireLock(bucket, 'many', { ...options, holder: `run ${i}`, wait: 0.2 }),
  );
  const settled = await Promise.allSettled(attempts);
  const locks = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const reasons = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(locks).toHaveLength(1);
  expect(reasons.every((reason) => reason instanceof BusyError)).toBe(true);
  await locks[0]!.release();
  expect(await lockHolder(bucket, 'many')).toBeUndefined();
  await (await acquireLock(bucket, 'many', { ...options, holder: 'next' })).release();
});

it.each([-24, 24])(
  'a clock that is %d hours off neither takes a lock over nor waits for an expired one',
  async (hours) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR });
    const model = `clock${hours}`;
    await heldElsewhere(model, 30);
    await expect(acquireLock(bucket, model, { ...options, holder: 'skewed' })).rejects.toThrow(
      'is in progress',
    );
    await heldElsewhere(model, 0.2);
    const lock = await acquireLock(bucket, model, { ...options, holder: 'skewed', wait: 5 });
    expect(await lockHolder(bucket, model)).toMatch(/run skewed .*or it was killed: its lock expires/);
    await lock.release();
  },
);

it('from the future is taken over once it is not renewed, and not while it is', async () => {
  const ahead = (key: string) => ({
    ...bucket,
    get: async (asked: string) => {
      const found = await bucket.get(asked);
      return found && asked === key
        ? { ...found, uploaded: new Date(found.uploaded.getTime() + HOUR) }
        : found;
    },
  });
  await heldElsewhere('ahead', 1.5);
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  expect(await lockHolder(ahead('ahead/retrain/lock.json'), 'ahead')).toMatch(
    /its lock is from (3600|359\d) s in the future, as a clock was put back: the next run takes it over once/,
  );
  const lock = await acquireLock(ahead('ahead/retrain/lock.json'), 'ahead', {
    ...options,
    holder: 'own',
    print,
  });
  expect(lines).toEqual([
    expect.stringMatching(
      /^waiting up to 1.5 s for run other \(process 1 on elsewhere\): its lock is from (3600|359\d) s/,
    ),
    expect.stringContaining('taking over the lock of run other'),
  ]);
  await lock.release();
  // The run that holds it has renewed it by the new clock.
  await heldElsewhere('renewed', 30);
  const attempt = acquireLock(ahead('none'), 'renewed', { ...options, holder: 'own' });
  await expect(attempt).rejects.toThrow('is in progress');
});

it('says for whom it waits', async () => {
  await heldElsewhere('told', 30);
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await expect(acquireLock(bucket, 'told', { ...options, holder: 'own', wait: 1.2, print })).rejects.toThrow(
    BusyError,
  );
  expect(lines).toEqual([
    expect.stringMatching(/^waiting up to 1.2 s for run other \(process 1 on elsewhere\): /),
  ]);
});

it('is not taken from a container with the same name and other process numbers', async () => {
  const elsewhere = { holder: 'other', token: 'theirs', host: hostname(), pid: 2 ** 22 + 1 };
  const record = { ...elsewhere, seconds: 30, renewals: 0, released: false };
  await bucket.put('twin/retrain/lock.json', JSON.stringify(record));
  await expect(acquireLock(bucket, 'twin', { ...options, holder: 'own' })).rejects.toThrow(
    `no process ${elsewhere.pid} runs on this machine, and its lock expires in 30 s`,
  );
  expect(await lockHolder(bucket, 'twin')).toContain('or it was killed: no process');
});

it('aborts the signal of a run whose lock was taken over', async () => {
  const lock = await acquireLock(bucket, 'lost', { ...options, seconds: 0.3, holder: 'slow' });
  await heldElsewhere('lost', 30);
  await expect.poll(() => lock.signal.aborted).toBe(true);
  expect(lock.signal.reason).toBeInstanceOf(BusyError);
  await lock.release();
  expect(await lockHolder(bucket, 'lost')).toContain('run other');
});
