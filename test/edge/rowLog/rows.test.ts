import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { listAll } from '../../../scripts/store/bucket.ts';
import { LoggedLabel, LoggedRow } from '../../../shared/loggedRows.ts';
import { API_KEYS, withKey } from '../../support/edge/apiKeys.ts';
import { manifest } from '../../support/edge/edgeApp.ts';
import { BINARY_TYPE, edgeWorker, expectProblem } from '../../support/edge/edgeWorker.ts';
import { JOBS, threeRows } from '../../support/edge/jobCases.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';
import { metricsOf } from '../../support/edge/prometheus.ts';

const SALT = randomBytes(32).toString('hex');
const worker = edgeWorker({
  API_KEYS,
  ROWS_SALT: SALT,
  LOG_ROWS: JSON.stringify({
    linear: { share: 1 },
    columns: { share: 1, leaveOut: ['height'], hash: ['city'] },
    images: { share: 1, leaveOut: ['pixel'] },
    conditional: { share: 0.25 },
  }),
});
const infer = withKey('infer');
const LINEAR = '/v1/models/linear/';
const ENCODE = `${LINEAR}encode`;
const FEEDBACK = '/v1/feedback';

/** Everything that is in the bucket, by key. */
async function stored(prefix = ''): Promise<ReadonlyMap<string, string>> {
  const bucket = await worker.bucket('ROWS');
  const { keys } = await listAll(bucket, { prefix });
  const texts = keys.map(async (key) => {
    const bytes = await (await bucket.get(key))!.arrayBuffer();
    return [key, new TextDecoder().decode(bytes)] as const;
  });
  return new Map(await Promise.all(texts));
}

const linesOf = (texts: Iterable<string>) => [...texts].flatMap((text) => text.trimEnd().split('\n'));

/** The rows of a request, once `count` of them are there. */
async function rowsOf(requestId: string | null, count: number): Promise<LoggedRow[]> {
  const find = async () =>
    linesOf((await stored('rows/')).values())
      .map((line) => LoggedRow.parse(JSON.parse(line)))
      .filter(({ request_id }) => request_id === requestId)
      .toSorted((a, b) => a.row - b.row);
  await expect.poll(async () => (await find()).length, { timeout: 10_000 }).toBe(count);
  return find();
}

const idOf = ({ headers }: Response) => headers.get('X-Request-Id');

test('rows are kept with the answer, by model and day', async () => {
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [0.1, 0, 0, 0, 0, 0],
  ];
  const response = await worker.post(`${LINEAR}score`, { rows }, infer);
  const { scores, version } = (await response.json()) as { scores: { score: number }[]; version: string };
  const kept = await rowsOf(idOf(response), 2);
  expect(Object.keys(kept[0]!.features)).toEqual(manifest.features.names);
  expect(kept.map(({ features }) => Object.values(features))).toEqual(rows);
  for (const [i, { answer, time, ...facts }] of kept.entries()) {
    expect(facts).toMatchObject({ kind: 'row', row: i, model: 'linear', version, operation: 'score' });
    const { contributions: _, ...numbers } = scores[i]! as Record<string, unknown>;
    expect(answer).toEqual(numbers);
    expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(60_000);
  }
  const day = kept[0]!.time.slice(0, 10);
  const keys = [...(await stored(`rows/linear/${day}/`)).keys()];
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).toMatch(/\/\d{8}T\d{9}Z-[0-9a-f]{8}\.ndjson$/);
});

test('float32 rows and streams are kept, and rows without an answer are not', async () => {
  const binary = await worker.postBinary(ENCODE, exampleRows(3, 6), infer);
  await binary.arrayBuffer();
  const rows = [...exampleRows(1500, 6), new Array(6).fill(3e38)];
  const streamed = await worker.post(ENCODE, { rows }, infer);
  const { codes } = (await streamed.json()) as { codes: number[][] };
  const values = (await rowsOf(idOf(binary), 3)).map(({ features }) => Object.values(features));
  expect(values).toEqual(exampleRows(3, 6));
  const kept = await rowsOf(idOf(streamed), 1500);
  expect(kept.map(({ answer }) => answer.code)).toEqual(codes.slice(0, -1));
  expect(kept.map(({ row }) => row)).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  expect(binary.headers.get('Content-Type')).toBe(BINARY_TYPE);
});

test('columns that are left out, and values of hashed ones, are nowhere in the bucket', async () => {
  const person = { age: 33, city: 'Reykjavik-7731', height: 1.7319, member: true, person_id: 'id-99417' };
  const missing = { age: null, city: null, height: 1.7319, member: false };
  for (const operation of ['encode', 'score']) {
    const response = await worker.post(`/v1/models/columns/${operation}`, { rows: [person, missing] }, infer);
    expect(response.status).toBe(200);
    await response.text();
    const [first, second] = await rowsOf(idOf(response), 2);
    const city = createHmac('sha256', SALT).update('Reykjavik-7731').digest('hex');
    expect(first).toMatchObject({ leftOut: ['height'], hashed: ['city'] });
    expect(first!.features).toEqual({ age: 33, city, member: true });
    expect(second!.features).toEqual({ age: null, city: null, member: false });
  }
  const everything = [...(await stored())].flat().join('\n');
  for (const secret of ['height":', 'Reykjavik', '1.7319', '3.4638', 'id-99417', SALT])
    expect(everything).not.toContain(secret);
});

test('a column that the model does not have stops the log, which says so once', async () => {
  const person = { age: 33, city: 'Rome', height: 1.8, member: true };
  const pixels = new Array(6).fill(0.5);
  for (let i = 0; i < 2; i++) {
    const response = await worker.post('/v1/models/images/encode', { rows: [pixels] }, infer);
    expect(response.status).toBe(200);
    await response.text();
  }
  const silent = await worker.post('/v1/models/items/encode', { rows: [person] }, infer);
  await silent.text();
  await rowsOf(idOf(await worker.post(ENCODE, { rows: exampleRows(1, 6) }, infer)), 1);
  expect((await stored('rows/images/')).size + (await stored('rows/items/')).size).toBe(0);
  expect(worker.logs.filter((line) => line.includes('no rows of images@'))).toHaveLength(1);
});

test('the share is of requests, decided by their id', async () => {
  const body = { rows: exampleRows(2, 6) };
  const ask = async (id: string) => {
    const headers = { ...infer, 'X-Request-Id': id };
    await (await worker.post('/v1/models/conditional/encode', body, headers)).text();
  };
  const ids = Array.from({ length: 200 }, () => crypto.randomUUID());
  for (const id of ids) await ask(id);
  await rowsOf(idOf(await worker.post(ENCODE, { rows: exampleRows(1, 6) }, infer)), 1);
  const count = async () => {
    const lines = linesOf((await stored('rows/conditional/')).values()).map((line) => JSON.parse(line));
    const rows = new Map<string, number>();
    for (const { request_id } of lines) rows.set(request_id, (rows.get(request_id) ?? 0) + 1);
    return rows;
  };
  const kept = await count();
  // Binomial: 50 expected, with a standard deviation of 6.
  expect(kept.size).toBeGreaterThan(25);
  expect(kept.size).toBeLessThan(75);
  for (const rows of kept.values()) expect(rows).toBe(2);
  const [again] = kept.keys();
  await ask(again!);
  await expect.poll(async () => (await count()).get(again!), { timeout: 10_000 }).toBe(4);
});

test('a request can ask not to be logged', async () => {
  const before = linesOf((await stored('rows/linear/')).values()).length;
  const silent = await worker.post(ENCODE, { rows: exampleRows(5, 6) }, { ...infer, 'X-Log-Rows': 'no' });
  expect(silent.status).toBe(200);
  await silent.text();
  await rowsOf(idOf(await worker.post(ENCODE, { rows: exampleRows(1, 6) }, infer)), 1);
  expect(linesOf((await stored('rows/linear/')).values())).toHaveLength(before + 1);
});

test('jobs are not logged', async () => {
  const before = linesOf((await stored('rows/linear/')).values()).length;
  const submitted = await worker.post(JOBS, await threeRows(worker), infer);
  const { id } = (await submitted.json()) as { id: string };
  const state = async () =>
    ((await (await worker.request(`${JOBS}/${id}`, { headers: infer })).json()) as { state: string }).state;
  await expect.poll(state, { timeout: 20_000, interval: 300 }).toBe('done');
  await rowsOf(idOf(await worker.post(ENCODE, { rows: exampleRows(1, 6) }, infer)), 1);
  expect(linesOf((await stored('rows/linear/')).values())).toHaveLength(before + 1);
});

test('written rows are counted', async () => {
  const response = await worker.request('/metrics', { headers: withKey('admin') });
  const { samples } = metricsOf(await response.text());
  const lines = linesOf((await stored('rows/')).values()).length;
  expect(samples.get('latentedge_logged_rows_total{outcome="written"}')).toBe(lines);
  expect(samples.get('latentedge_logged_rows_total{outcome="failed"}')).toBe(0);
});

test('labels are stored, one or many', async () => {
  const request_id = crypto.randomUUID();
  const one = await worker.post(FEEDBACK, { request_id, label: true }, infer);
  expect([one.status, await one.json()]).toEqual([200, { stored: 1 }]);
  const many = [
    { request_id, row: 1, label: 'faulty' },
    { request_id: 'ABCDEF'.padEnd(32, '0'), row: 7, label: 2.5 },
  ];
  expect(await (await worker.post(FEEDBACK, many, infer)).json()).toEqual({ stored: 2 });
  const labels = linesOf((await stored('feedback/')).values()).map((line) =>
    LoggedLabel.parse(JSON.parse(line)),
  );
  for (const label of [{ request_id, row: 0, label: true }, ...many])
    expect(labels).toContainEqual({ kind: 'label', time: expect.any(String), ...label });
});

test.each<[body: unknown, detail: string]>([
  [{ request_id: 'mine', label: 1 }, 'request_id: expected the X-Request-Id of an answer'],
  [[{ request_id: crypto.randomUUID() }], '0: label: expected a number, text or a boolean'],
  [[], 'expected at least one label'],
  [{ request_id: crypto.randomUUID(), label: 1, row: -1 }, 'row: '],
])('labels %j are refused', async (body, detail) => {
  const problem = await expectProblem(await worker.post(FEEDBACK, body, infer), 'invalid-body');
  expect(problem.detail).toContain(detail);
});

test('labels need the scope infer', async () => {
  await expectProblem(
    await worker.post(FEEDBACK, { request_id: crypto.randomUUID(), label: 1 }),
    'unauthorized',
  );
});
