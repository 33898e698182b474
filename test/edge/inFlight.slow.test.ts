/** The load that an isolate holds at one time: bodies that arrive, answers that nobody takes, rows that wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createInFlight, enter, holdOf } from '../../edge/inFlight.ts';
import { createModels, latentedge } from '../../edge/library.ts';
import { taken } from '../../edge/requests/send.ts';
import { createGauge } from '../../edge/runtime/gauge.ts';
import type { Session } from '../../edge/runtime/session.ts';
import { SMALL } from '../../edge/runtime/turns.ts';
import { readSettings } from '../../edge/settings.ts';
import { linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { capturedLogs, executionContext } from '../support/edge/edgeApp.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { ignoreAnswer, startChunkedUpload, startUpload } from '../support/edge/slowClients.ts';

/** A request whose client stays. */
const client = { signal: new AbortController().signal };

const MIB = 1024 * 1024;
const ENCODE = '/v1/models/linear/encode';
const one = { rows: exampleRows(1, 6) };
/** A third of it is how long a body may stand still. */
const MAX_SECONDS = 6;
const worker = edgeWorker({
  MAX_SECONDS: `${MAX_SECONDS}`,
  MAX_BODY_BYTES: `${8 * MIB}`,
  MAX_IN_FLIGHT_BYTES: `${24 * MIB}`,
  // As many rows as make an answer of about 10 MiB.
  MAX_ROWS: '150000',
});
const large = () => worker.post(ENCODE, JSON.stringify(one).padEnd(7 * MIB));

describe('bodies that stand still', () => {
  test('are refused at once where they do not fit, keep no single row waiting, and time out', async () => {
    const uploads = await Promise.all(
      Array.from({ length: 10 }, () => startUpload(new URL(ENCODE, worker.url), 7 * MIB, MIB)),
    );
    const statuses = () => uploads.map(({ received }) => Number(received().split(' ')[1]));
    const count = (status: number) => statuses().filter((each) => each === status).length;
    // Three quarters of 24 MiB hold two of them.
    await expect.poll(() => count(503), { timeout: 1500 }).toBe(8);
    const refused = uploads.find(({ received }) => received().startsWith('HTTP/1.1 503'))!;
    expect(refused.received()).toContain('/problems/overloaded');
    expect(refused.received()).toMatch(/\r\nRetry-After: 1\r\n/i);
    await expectProblem(await large(), 'overloaded');
    for (let i = 0; i < 5; i++) expect((await worker.post(ENCODE, one)).status).toBe(200);
    await expect.poll(() => count(408), { timeout: 1000 * MAX_SECONDS }).toBe(2);
    expect((await large()).status).toBe(200);
    for (const upload of uploads) upload.close();
  });

  test('are released when their client goes away', async () => {
    const url = new URL(ENCODE, worker.url);
    const uploads = await Promise.all([startUpload(url, 8 * MIB), startUpload(url, 8 * MIB)]);
    await expect.poll(async () => (await large()).status).toBe(503);
    for (const upload of uploads) upload.close();
    await expect.poll(async () => (await large()).status, { timeout: 1500 }).toBe(200);
  });

  test('count as they arrive where they do not tell their length', async () => {
    const url = new URL(ENCODE, worker.url);
    const uploads = await Promise.all([7, 7].map((mib) => startChunkedUpload(url, mib * MIB)));
    await expect.poll(async () => (await large()).status).toBe(503);
    const third = await startChunkedUpload(url, 7 * MIB);
    await expect.poll(third.received).toContain('/problems/overloaded');
    for (const upload of [...uploads, third]) upload.close();
    await expect.poll(async () => (await large()).status).toBe(200);
  });
});

describe('answers that nobody takes', () => {
  const sample = new URL('/v1/models/linear/sample', 'http://worker');
  const ask = (headers?: readonly string[]) =>
    ignoreAnswer(new URL(sample.pathname, worker.url), JSON.stringify({ n: 150_000, seed: 1 }), headers);

  test('leave no room for more until they are given up', async () => {
    const start = performance.now();
    const clients = await Promise.all(Array.from({ length: 8 }, () => ask()));
    // On a machine that takes longer than the limit, the first ones have been given up by then.
    const limits = Math.ceil((performance.now() - start) / (1000 * MAX_SECONDS));
    const answered = clients.filter(({ status }) => status === 200);
    // Three quarters of 24 MiB hold two of them; connections hold some megabytes, too.
    expect(answered.length).toBeGreaterThanOrEqual(1);
    expect(answered.length).toBeLessThanOrEqual(4 * limits);
    for (const { status } of clients) expect([200, 503]).toContain(status);
    expect((await worker.post(ENCODE, one)).status).toBe(200);
    await sleep(1000 * MAX_SECONDS + 500);
    const next = await ask();
    expect(next.status).toBe(200);
    for (const client of [...clients, next]) client.close();
  });

  test('are released as they are taken', async () => {
    for (let i = 0; i < 8; i++) {
      const response = await worker.post(sample.pathname, { n: 150_000, seed: 1 });
      expect(response.status).toBe(200);
      expect(((await response.json()) as { rows: unknown[] }).rows).toHaveLength(150_000);
    }
  });
});

test('rows that wait to be run are limited', async () => {
  const { manifest, graphs } = linearArtifact();
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  /** Runs nothing before `finish` is called. */
  const session: Session = {
    inputNames: ['rows'],
    outputNames: ['code'],
    run: async ({ rows }) => {
      await finished;
      const code = {
        dtype: 'float32',
        shape: [rows!.shape[0]!, 2],
        data: new Float32Array(2 * rows!.shape[0]!),
      };
      return { code } as never;
    },
    release: async () => undefined,
  };
  const models = createModels({
    bundled: { manifests: [manifest], graph: async (_, graph) => new Uint8Array(graphs[graph]!) },
    runtime: { open: async () => session },
    keepAlive: () => undefined,
    limits: { maxQueuedRows: 150 },
    log: 'problems',
  });
  capturedLogs();
  const app = latentedge({ models, open: 'true' });
  const headers = { 'Content-Type': 'application/json' };
  const post = (rowCount: number) => {
    const body = JSON.stringify({ rows: exampleRows(rowCount, 6) });
    return app.request(ENCODE, { method: 'POST', headers, body }, {}, executionContext().context);
  };
  const model = await models.open('linear');
  const waiting = [post(100), model.encode(exampleRows(50, 6))];
  await sleep(50);
  expect(await expectProblem(await post(1), 'overloaded')).toMatchObject({ limit: 150 });
  await expect(model.encode(exampleRows(1, 6))).rejects.toThrow('rows that wait');
  finish();
  await Promise.all(waiting);
  expect((await post(150)).status).toBe(200);
});

describe('the count', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('never exceeds its limit, but for a part that is the only one', () => {
    const gauge = createGauge();
    const [a, b] = [gauge.share(1000), gauge.share(1000)];
    expect(a.resize(200, 100)).toBe(true);
    expect(b.resize(1, 100)).toBe(false);
    expect(a.resize(60, 100)).toBe(true);
    expect(b.resize(40, 100)).toBe(true);
    expect(b.resize(41, 100)).toBe(false);
    expect(b.amount).toBe(40);
    a.release();
    a.release();
    expect(b.resize(100, 100)).toBe(true);
    // A part that was released stays empty.
    expect(a.resize(100, 100)).toBe(true);
    expect(a.amount).toBe(0);
  });

  test('takes back what nobody has touched for long, if there is no room otherwise', () => {
    vi.useFakeTimers();
    const gauge = createGauge();
    const [a, b, c] = [gauge.share(1000), gauge.share(1000), gauge.share(1000)];
    a.resize(50, 100);
    b.resize(50, 100);
    vi.advanceTimersByTime(600);
    b.touch();
    vi.advanceTimersByTime(600);
    expect(c.resize(50, 100)).toBe(true);
    expect([a.amount, b.amount, c.amount]).toEqual([0, 50, 50]);
  });

  test('keeps a quarter free for small bodies and answers', () => {
    const { limits } = readSettings({ MAX_IN_FLIGHT_BYTES: `${16 * SMALL}` });
    const shared = createInFlight();
    const [first, second, third] = [0, 1, 2].map(() => holdOf(shared, limits, client));
    first!.resize(10 * SMALL);
    expect(() => second!.resize(3 * SMALL)).toThrow('no room');
    second!.resize(SMALL);
    expect(second!.bytes).toBe(SMALL);
    for (let i = 0; i < 5; i++) holdOf(shared, limits, client).resize(SMALL);
    expect(() => third!.resize(1)).toThrow('no room');
    first!.handOver();
    first!.settle();
    expect(() => third!.resize(1)).toThrow('no room');
    first!.release();
    third!.resize(SMALL);
  });

  test('is freed by an answer that is taken, cancelled, or left alone, even if the runtime does not say so', async () => {
    vi.useFakeTimers();
    const { limits } = readSettings({ MAX_SECONDS: '10' });
    const part = new Uint8Array(10);
    const held = () => {
      const hold = holdOf(createInFlight(), limits, client);
      hold.resize(100);
      let left = 2;
      const stream = taken(async () => (left-- > 0 ? part : undefined), hold, limits);
      hold.settle();
      expect(hold.bytes).toBe(100);
      return { hold, reader: stream.getReader() };
    };
    const whole = held();
    while (!(await whole.reader.read()).done) expect(whole.hold.bytes).toBe(100);
    const cancelled = held();
    await cancelled.reader.cancel();
    const left = held();
    await left.reader.read();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([whole, cancelled, left].map(({ hold }) => hold.bytes)).toEqual([0, 0, 0]);
    await expect(left.reader.read()).rejects.toThrow('took no part');
  });

  test('is freed by a client that goes away, and in seconds if none takes the first bytes of an answer', async () => {
    vi.useFakeTimers();
    const { limits } = readSettings({ MAX_IN_FLIGHT_BYTES: `${16 * SMALL}` });
    const shared = createInFlight();
    const gone = new AbortController();
    const hold = holdOf(shared, limits, gone);
    hold.resize(10 * SMALL);
    gone.abort();
    expect(hold.bytes).toBe(0);
    const left = holdOf(shared, limits, client);
    left.resize(10 * SMALL);
    const reader = taken(async () => new Uint8Array(SMALL), left, limits).getReader();
    // Any connection has room for so much, so that a client of whom this is all has gone.
    expect((await reader.read()).value).toHaveLength(16 * 1024);
    const next = holdOf(shared, limits, client);
    expect(() => next.resize(10 * SMALL)).toThrow('no room');
    vi.advanceTimersByTime(5000);
    next.resize(10 * SMALL);
    expect((await reader.read()).value).toHaveLength(48 * 1024);
  });

  test('refuses rows of a first run only', () => {
    const { limits } = readSettings({ MAX_QUEUED_ROWS: '10' });
    const shared = createInFlight();
    const leave = enter(shared, 8, limits, true);
    expect(() => enter(shared, 3, limits, true)).toThrow('rows that wait');
    enter(shared, 3, limits, false)();
    leave();
    enter(shared, 10, limits, true);
  });
});
