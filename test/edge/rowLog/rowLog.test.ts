import { expect, onTestFinished, test, vi } from 'vitest';
import { readRowLogging } from '../../../edge/rowLog/policy.ts';
import { createRowLog } from '../../../edge/rowLog/rowLog.ts';
import type { RowsBinding } from '../../../edge/rowLog/sink.ts';
import { createMetrics } from '../../../edge/telemetry/metrics.ts';
import type { LoggedRow } from '../../../shared/loggedRows.ts';
import { capturedLogs } from '../../support/edge/edgeApp.ts';

const SALT = 's'.repeat(32);
const row = (over: Partial<LoggedRow> = {}): LoggedRow => ({
  ...{ kind: 'row', time: '2026-11-30T12:00:00.000Z', request_id: 'a'.repeat(32), row: 0, model: 'pumps' },
  ...{ version: '0a1b2c3d4e5f', operation: 'score', features: { flow: 1, site: 'north' }, answer: {} },
  ...over,
});

/** A log with a clock that does not go by itself; `settled` waits for all that is being written. */
function logOf(binding: RowsBinding) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const work: Promise<unknown>[] = [];
  const metrics = createMetrics();
  const log = createRowLog({
    logging: { models: { pumps: { share: 1, leaveOut: [], hash: [] } }, salt: SALT },
    ...{ binding, metrics, keepAlive: (promise: Promise<unknown>) => work.push(promise) },
  })!;
  const settled = async () => {
    let isOver = false;
    const all = Promise.all(work).finally(() => {
      isOver = true;
    });
    // Hashing takes real time, and only then waits by the clock.
    while (!isOver) await vi.advanceTimersByTimeAsync(2000);
    await all;
  };
  return { log, metrics, settled };
}

test('rows of an isolate are one object for each model and day', async () => {
  const objects = new Map<string, string>();
  const { log, settled } = logOf({ put: async (key, value) => objects.set(key, value) });
  log.add([row(), row({ row: 1 })], []);
  await vi.advanceTimersByTimeAsync(500);
  log.add([row({ model: 'orders' }), row({ time: '2026-12-01T00:00:00.000Z' })], []);
  expect(objects.size).toBe(0);
  await settled();
  const found = [...objects].map(([key, text]) => [key.replace(/[^/]*$/, ''), text.split('\n').length - 1]);
  expect(Object.fromEntries(found)).toEqual({
    'rows/pumps/2026-11-30/': 2,
    'rows/pumps/2026-12-01/': 1,
    'rows/orders/2026-11-30/': 1,
  });
});

test('a Pipeline gets records', async () => {
  const sent: object[][] = [];
  // As a stub that has any method.
  const put = () => Promise.reject(new Error('expected a Pipeline'));
  const binding = { put, send: async (records: object[]) => sent.push(records) };
  const { log, settled } = logOf(binding);
  log.add([row()], ['site']);
  await settled();
  expect(sent).toEqual([
    [row({ features: { flow: 1, site: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown as string } })],
  ]);
});

test('a full batch is written without waiting, and what finds no room is dropped', async () => {
  let stored = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const put = (_: string, text: string) => {
    stored += text.split('\n').length - 1;
    return finished;
  };
  const { log, metrics, settled } = logOf({ put });
  const logs = capturedLogs();
  const info = vi.spyOn(console, 'info').mockImplementation((line) => {
    logs.push(String(line));
  });
  onTestFinished(() => info.mockRestore());
  const large = row({ features: { text: 'x'.repeat(1024 * 1024) } });
  for (let i = 0; i < 9; i++) log.add([large], []);
  await vi.advanceTimersByTimeAsync(1);
  expect(stored).toBe(7);
  finish();
  await settled();
  expect(metrics.loggedRows).toEqual({ written: 7, failed: 0, dropped: 2 });
  expect(logs.filter((line) => line.includes('rows were not logged'))).toHaveLength(1);
});

test('a failure is counted and logged once', async () => {
  const logs = capturedLogs();
  let fails = true;
  const { log, metrics, settled } = logOf({
    put: async () => {
      if (fails) throw new Error('internal error; please try again');
    },
  });
  for (let i = 0; i < 3; i++) {
    log.add([row()], []);
    await settled();
  }
  fails = false;
  log.add([row()], []);
  await settled();
  expect(metrics.loggedRows).toEqual({ written: 1, failed: 3, dropped: 0 });
  expect(logs.filter((line) => line.includes('could not be written to ROWS'))).toHaveLength(1);
});

test('nothing is logged of models that are not named, or without a place to write to', () => {
  const parts = { metrics: createMetrics(), keepAlive: () => undefined };
  const binding = { put: async () => undefined };
  const models = { pumps: { share: 1, leaveOut: [], hash: [] } };
  expect(createRowLog({ logging: { models: {} }, binding, ...parts })).toBeUndefined();
  expect(createRowLog({ logging: { models }, binding: undefined, ...parts })).toBeUndefined();
  const log = createRowLog({ logging: { models }, binding, ...parts })!;
  expect(log.policyOf('pumps', crypto.randomUUID())).toBe(models.pumps);
  for (const model of ['orders', 'constructor', '__proto__'])
    expect(log.policyOf(model, crypto.randomUUID())).toBeUndefined();
});

test('LOG_ROWS is a table, or JSON', () => {
  const models = { pumps: { share: 0.01, leaveOut: ['site'], hash: [] } };
  const table = { pumps: { share: 0.01, leaveOut: ['site'] } };
  expect(readRowLogging({})).toEqual({ models: {} });
  expect(readRowLogging({ LOG_ROWS: table })).toEqual({ models });
  expect(readRowLogging({ LOG_ROWS: JSON.stringify(table), ROWS_SALT: SALT })).toEqual({
    models,
    salt: SALT,
  });
});

test.each<[value: unknown, reason: string]>([
  ['0.01', 'LOG_ROWS: expected a table by the names of models'],
  ['{', 'LOG_ROWS: expected JSON'],
  [{ pumps: 0.01 }, 'LOG_ROWS.pumps: expected a table, for instance { share = 0.01 }'],
  [{ pumps: {} }, 'LOG_ROWS.pumps.share: expected the share of requests'],
  [{ pumps: { share: 0 } }, 'LOG_ROWS.pumps.share: expected a share above 0'],
  [{ pumps: { share: 5 } }, 'LOG_ROWS.pumps.share: expected a share up to 1'],
  [
    { pumps: { share: 1, leaveout: ['a'] } },
    "LOG_ROWS.pumps: expected share, leaveOut, hash, received 'leaveout'; did you mean 'leaveOut'?",
  ],
  [
    { pumps: { share: 1, leaveOut: ['a'], hash: ['a'] } },
    "LOG_ROWS.pumps.hash: 'a' is left out, so it cannot be hashed",
  ],
  [{ pumps: { share: 1, hash: ['a'] } }, 'LOG_ROWS.pumps.hash: needs the secret ROWS_SALT'],
])('LOG_ROWS = %j is refused', (LOG_ROWS, reason) => {
  expect(() => readRowLogging({ LOG_ROWS })).toThrow(`wrong Worker variable: ${reason}`);
});

test('a short salt is refused without its value', () => {
  expect(() => readRowLogging({ ROWS_SALT: 'short' })).toThrow('ROWS_SALT: expected at least 32 characters');
  expect(() => readRowLogging({ ROWS_SALT: 'short' })).not.toThrow('short');
});
