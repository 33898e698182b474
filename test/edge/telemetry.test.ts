import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newRecord, PHASES, serverTiming, timed } from '../../edge/telemetry/record.ts';
import { AdminReload, AdminStats } from '../../shared/adminApi.ts';
import { API_KEYS, KEYS, LOCAL, LOCAL_KEY, withKey } from '../support/edge/apiKeys.ts';
import { capturedLogs, edgeApp, executionContext, manifest } from '../support/edge/edgeApp.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { metricsOf } from '../support/edge/prometheus.ts';

const worker = edgeWorker({ API_KEYS });
const ENCODE = '/v1/models/linear/encode';
const rows = [[1.25, 2, 3, 4, 5, 6]];
const operator = { 'X-API-Key': LOCAL_KEY.key };

/** The lines that are requests, as objects. */
const requestsOf = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('{"requestId"')).map((line) => JSON.parse(line));

/** The log line of one answer. */
async function logged(response: Response): Promise<Record<string, unknown>> {
  await response.text();
  const requestId = response.headers.get('X-Request-Id');
  const find = () => requestsOf(worker.logs).find((line) => line.requestId === requestId);
  await expect.poll(find).toBeDefined();
  return find();
}

describe('in workerd', () => {
  test('every answer has an id of its own and says how long it took', async () => {
    const responses = await Promise.all([
      worker.request('/health'),
      worker.request('/health', { headers: { 'X-Request-Id': 'mine' } }),
      worker.request('/nope', { headers: withKey('infer') }),
      worker.request('/v1/models', { method: 'OPTIONS' }),
      worker.post(ENCODE, { rows }, withKey('infer')),
      worker.post(ENCODE, { rows }),
    ]);
    const ids = responses.map(({ headers }) => headers.get('X-Request-Id'));
    expect(new Set(ids).size).toBe(responses.length);
    for (const [i, { headers }] of responses.entries()) {
      expect(ids[i]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(headers.get('Server-Timing')).toMatch(/(^|, )total;dur=\d+(\.\d+)?$/);
    }
    await Promise.all(responses.map((response) => response.text()));
  });

  test('identifiers of requests and traces are taken over if they are nothing else', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const id = '0F0C2AB4-0000-4000-8000-00000000ABCD';
    const headers = { 'X-Request-Id': id, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const taken = await worker.request('/health', { headers });
    expect([taken.headers.get('X-Request-Id'), await taken.text()]).toEqual([id, expect.anything()]);
    const line = () => requestsOf(worker.logs).find(({ requestId }) => requestId === id);
    await expect.poll(line).toMatchObject({ requestId: id, traceId: trace });

    for (const traceparent of [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `${trace} or <b>`]) {
      const refused = await worker.request('/health', {
        headers: { 'X-Request-Id': `${id} or else`, traceparent },
      });
      const own = refused.headers.get('X-Request-Id')!;
      expect([own.startsWith(id), await refused.text()]).toEqual([false, expect.anything()]);
      const found = () => requestsOf(worker.logs).find(({ requestId }) => requestId === own);
      await expect.poll(found).toBeDefined();
      expect(found()).not.toHaveProperty('traceId');
    }
  });

  test('a request is one line of JSON', async () => {
    const response = await worker.post(ENCODE, { rows }, withKey('infer'));
    expect(await logged(response)).toMatchObject({
      requestId: response.headers.get('X-Request-Id'),
      method: 'POST',
      route: '/v1/models/:model/encode',
      status: 200,
      ms: expect.any(Number),
      key: 'infer',
    });
  });

  test.each([
    [
      'an unknown path',
      () => worker.request('/secret-path', { headers: withKey('infer') }),
      '/*',
      'unknown-path',
    ],
    [
      'an unknown model',
      () => worker.request('/v1/models/secret-model', { headers: withKey('infer') }),
      '/v1/models/:model',
      'unknown-model',
    ],
    ['a refused request', () => worker.post(ENCODE, { rows }), '/v1/models/:model/encode', 'unauthorized'],
    [
      'an unreadable body',
      () => worker.post(ENCODE, '{"rows": secret-body', withKey('infer')),
      '/v1/models/:model/encode',
      'malformed-json',
    ],
  ])('%s is logged by its route and its problem', async (_, send, route, problem) => {
    const response = await send();
    expect(await logged(response)).toMatchObject({ route, problem, status: response.status });
  });

  test('nothing that a client sends is logged', async () => {
    const headers = {
      ...withKey('infer'),
      'User-Agent': 'secret-agent',
      Cookie: 'secret-cookie',
      'X-Request-Id': 'secret-id',
      'X-Secret': 'secret-header',
    };
    const bodies: unknown[] = [
      { rows: [[1.2345678, 2, 3, 4, 5, 6]] },
      { 'secret-member': 1 },
      '{"rows": [["secret-value',
    ];
    for (const body of bodies) await logged(await worker.post(`${ENCODE}?secret-query=1`, body, headers));
    await logged(await worker.post('/v1/models/secret-model/secret-operation', {}, headers));
    await logged(
      await worker.post(
        '/v1/models/faulty/encode',
        {
          rows: [
            [1.2345678, 1, 1, 1, 1, 1],
            [1, 1, 1, 1, 1, 1],
          ],
        },
        headers,
      ),
    );
    await expect.poll(() => worker.logs.join('\n')).toContain('OrtRun');
    const logs = worker.logs.join('\n');
    expect(logs).not.toMatch(/secret|1\.2345678/);
    for (const key of Object.values(KEYS)) expect(logs).not.toContain(key);
  });

  test('an error of ours is one line of JSON with its stack and the id of the answer', async () => {
    const response = await worker.post(
      '/v1/models/faulty/encode',
      { rows: [rows[0], rows[0]] },
      withKey('infer'),
    );
    const requestId = response.headers.get('X-Request-Id');
    await expectProblem(response, 'internal-error');
    const find = () => requestsOf(worker.logs).find((line) => line.requestId === requestId && line.error);
    await expect
      .poll(find)
      .toMatchObject({ problem: 'internal-error', error: [expect.stringContaining('OrtRun')] });
  });

  test('GET /metrics counts what this isolate has answered', async () => {
    const scrape = async () => {
      const response = await worker.request('/metrics', { headers: withKey('admin') });
      expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      return metricsOf(await response.text());
    };
    const before = await scrape();
    for (let i = 0; i < 3; i++) await (await worker.request('/v1/models')).text();
    const { samples, families } = await scrape();
    const added = (name: string) => (samples.get(name) ?? 0) - (before.samples.get(name) ?? 0);
    expect(added('latentedge_requests_total{model="",version="",operation="",status="401"}')).toBe(3);
    expect(added('latentedge_problems_total{problem="unauthorized"}')).toBe(3);
    // The first scrape is counted by the time of the second.
    expect(added('latentedge_request_duration_seconds_count{model="",version="",operation=""}')).toBe(4);
    for (const { help } of families.values()) expect(help).toContain('this isolate only');
    const created = [...samples].filter(([each]) =>
      each.startsWith('latentedge_model_created_timestamp_seconds{'),
    );
    expect(created.length).toBeGreaterThan(0);
    for (const [, seconds] of created) expect(seconds).toBeGreaterThan(Date.parse('2020-01-01') / 1000);
    expect(samples.get('latentedge_bucket_failures_total{}')).toBeGreaterThanOrEqual(0);
    const docs = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
    const rules = /```yaml\n(groups:.*?)```/s.exec(docs)![1]!;
    const named = [...rules.matchAll(/latentedge_\w+/g)].map(([metric]) => metric);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((metric) => !families.has(metric))).toEqual([]);
  });

  test('an operation is timed, logged, counted, and watched for drift', async () => {
    // Far from training: means of 0, deviations of 1.
    const body = { rows: [new Array(6).fill(100), new Array(6).fill(102)] };
    const response = await worker.post(
      '/v1/models/columns/encode',
      { rows: [PERSON, PERSON] },
      withKey('infer'),
    );
    expect(response.status).toBe(200);
    const scored = await worker.post('/v1/models/encode-only/encode', body, withKey('infer'));
    expect(
      scored.headers
        .get('Server-Timing')
        ?.split(', ')
        .map((part) => part.split(';')[0]),
    ).toEqual([...PHASES, 'total']);
    const requestId = scored.headers.get('X-Request-Id');
    await expect
      .poll(() => requestsOf(worker.logs).find((line) => line.requestId === requestId))
      .toMatchObject({ model: 'encode-only', operation: 'encode', rows: 2, status: 200 });
    const stats = await worker.request('/admin/stats', { headers: withKey('admin') });
    const { models } = AdminStats.parse(await stats.json());
    const drifted = models.find(({ name }) => name === 'encode-only');
    expect(drifted).toMatchObject({ requests: 1, rows: 2, errors: 0, drift: { rows: 2, score: 1 } });
    expect(drifted?.drift.features[0]).toMatchObject({ mean: 101, shift: 101, standardDeviation: 1 });
    // Of the table, the numbers that are not missing.
    const table = models.find(({ name }) => name === 'columns')?.drift.features;
    expect(table?.find(({ feature }) => feature === 'height')).toMatchObject({ mean: 1.75, missing: 0 });
    expect(table?.map(({ feature }) => feature)).not.toContain('age');
  });

  test('GET /admin/stats and POST /admin/reload', async () => {
    const stats = AdminStats.parse(
      await (await worker.request('/admin/stats', { headers: withKey('admin') })).json(),
    );
    const { models } = AdminReload.parse(
      await (await worker.post('/admin/reload', '', withKey('admin'))).json(),
    );
    expect(stats.models.map(({ name, version }) => ({ name, version }))).toEqual(models);
    expect(models.map(({ name }) => name)).toContain('linear');
    await expectProblem(
      await worker.request('/admin/reload', { headers: withKey('admin') }),
      'method-not-allowed',
    );
  });

  test('security headers are on every answer', async () => {
    const responses = [await worker.request('/health'), await worker.request('/nope')];
    for (const { headers } of responses) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'strict-transport-security': expect.stringContaining('max-age='),
      });
    }
    await Promise.all(responses.map((response) => response.text()));
  });
});

/** Without an age. */
const PERSON = { city: 'Rome', height: 1.75, member: true };

/** A route that fills the record as operations do. */
function appWithOperation(...[variables, bindings]: Parameters<typeof edgeApp>) {
  return edgeApp({ ...LOCAL, ...variables }, bindings).post('/v1/written', async (c) => {
    const { record, drift } = c.var;
    const rows = timed(record, 'parse', () => new Float32Array([0, 1, 2, 3, 4, 5]));
    const error = await timed(record, 'run', async () => 0.5);
    Object.assign(record, { model: manifest.name, version: manifest.version, operation: 'score' });
    Object.assign(record, { rows: 1, meanError: error });
    drift.observeRows(manifest, rows, 1, 6);
    drift.observeErrors(manifest, Float32Array.of(error));
    return timed(record, 'serialise', () => c.json({}));
  });
}

describe('what an operation writes into the record', () => {
  const labels = `model="${manifest.name}",version="${manifest.version}",operation="score"`;
  const url = (path: string) => `http://localhost${path}`;
  const score = url('/v1/written');

  test('becomes headers, a log line, metrics, stats and points', async () => {
    const logs = capturedLogs();
    const points: unknown[] = [];
    const app = appWithOperation({}, { analytics: { writeDataPoint: (point) => points.push(point) } });
    const response = await app.request(score, { method: 'POST' });
    expect(response.headers.get('Server-Timing')).toMatch(
      /^parse;dur=[\d.]+, run;dur=[\d.]+, serialise;dur=[\d.]+, total;dur=[\d.]+$/,
    );
    const line = { model: 'linear', version: manifest.version, operation: 'score', rows: 1, status: 200 };
    expect(requestsOf(logs)[0]).toMatchObject(line);
    expect(points).toEqual([
      {
        indexes: ['linear'],
        blobs: ['linear', manifest.version, 'score', ''],
        doubles: [1, expect.any(Number), 0.5],
      },
    ]);
    await app.request(score, { method: 'POST' });
    const { samples } = metricsOf(await (await app.request(url('/metrics'), { headers: operator })).text());
    expect(samples.get(`latentedge_requests_total{${labels},status="200"}`)).toBe(2);
    expect(samples.get(`latentedge_rows_total{${labels}}`)).toBe(2);
    expect(samples.get(`latentedge_request_duration_seconds_bucket{${labels},le="+Inf"}`)).toBe(2);
    const model = `model="linear",version="${manifest.version}"`;
    expect(samples.get(`latentedge_drift_rows{${model}}`)).toBe(2);
    // Features 0 to 5 against mean 0 and deviation 1: (0 + 1 + 1 + 1 + 1 + 1) / 6.
    expect(samples.get(`latentedge_drift_score{${model}}`)).toBeCloseTo(5 / 6, 12);
    const { models } = AdminStats.parse(
      await (await app.request(url('/admin/stats'), { headers: operator })).json(),
    );
    expect(models[0]).toMatchObject({ name: 'linear', requests: 2, rows: 2, errors: 0 });
    expect(models[0]?.drift.reconstructionError).toMatchObject({ rows: 2, mean: 0.5 });
  });

  test('a problem is a point without a model; an answer that is neither is none', async () => {
    capturedLogs();
    const points: unknown[] = [];
    const app = edgeApp({ OPEN: 'false' }, { analytics: { writeDataPoint: (point) => points.push(point) } });
    await app.request(url('/health'));
    await app.request(url('/v1/models'));
    expect(points).toEqual([
      { indexes: [''], blobs: ['', '', '', 'unauthorized'], doubles: [0, expect.any(Number), -1] },
    ]);
  });

  test('models that come and go do not make metrics grow without end', async () => {
    capturedLogs();
    const app = edgeApp(LOCAL).post('/v1/many', (c) => {
      Object.assign(c.var.record, { model: 'many', version: c.req.query('version'), operation: 'encode' });
      return c.json({});
    });
    for (let i = 0; i < 1100; i++) await app.request(url(`/v1/many?version=${i}`), { method: 'POST' });
    const { samples } = metricsOf(await (await app.request(url('/metrics'), { headers: operator })).text());
    const requests = [...samples].filter(([name]) => name.startsWith('latentedge_requests_total'));
    expect(requests).toHaveLength(1001);
    expect(requests.reduce((sum, [, count]) => sum + count, 0)).toBe(1100);
    expect(samples.get('latentedge_requests_total{model="other",version="",operation="",status="200"}')).toBe(
      100,
    );
  });
});

test('times work that fails, and work that waits, and adds up', async () => {
  const record = newRecord();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  expect(await timed(record, 'run', () => turn().then(() => 'done'))).toBe('done');
  const pending = timed(record, 'run', turn);
  expect(record.phase).toBe('run');
  await pending;
  expect(record.marks.run).toBeGreaterThanOrEqual(38);
  expect(() =>
    timed(record, 'parse', () => {
      throw new Error('at once');
    }),
  ).toThrow('at once');
  await expect(
    timed(record, 'queue', () => turn().then(() => Promise.reject(new Error('later')))),
  ).rejects.toThrow('later');
  expect([record.phase, record.marks.parse, record.marks.queue]).toEqual([
    undefined,
    expect.any(Number),
    expect.any(Number),
  ]);
  record.marks.run = 1.23456;
  expect(serverTiming(record, 50)).toMatch(
    /^parse;dur=[\d.]+, queue;dur=[\d.]+, run;dur=1.235, total;dur=50$/,
  );
});

test('what is late goes on, as others may wait for it, and is answered no more', async () => {
  capturedLogs();
  let finish: (response: Response) => void = () => undefined;
  const app = edgeApp({ MAX_SECONDS: '0.02' }).get(
    '/v1/late',
    () => new Promise<Response>((resolve) => (finish = resolve)),
  );
  const { context, waitedFor } = executionContext();
  const response = await app.request('http://localhost/v1/late', {}, {}, context);
  expect(response.headers.get('Retry-After')).toBe('10');
  await expectProblem(response, 'timed-out');
  expect(waitedFor).toHaveLength(1);
  finish(new Response('late'));
  await waitedFor[0];
});

test('with LOG = "problems", nothing else is logged', async () => {
  const logs = capturedLogs();
  const app = edgeApp({ LOG: 'problems' });
  await app.request('http://localhost/v1/models');
  await app.request('http://localhost/v1/models/nope');
  expect(requestsOf(logs).map(({ problem }) => problem)).toEqual(['unknown-model']);
});

test('with LOG = "errors", only what goes wrong in the Worker is logged', async () => {
  const logs = capturedLogs();
  const app = edgeApp({ LOG: 'errors' }).get('/v1/broken', () => {
    throw new Error('out of order');
  });
  await app.request('http://localhost/v1/models/nope');
  await app.request('http://localhost/v1/broken');
  expect(logs).toHaveLength(1);
  expect(logs[0]).toContain('out of order');
});

test('a route may have headers of its own', async () => {
  capturedLogs();
  const policy = "default-src 'self'";
  const app = edgeApp().get('/v1/page', (c) =>
    c.html('', 200, { 'Content-Security-Policy': policy, 'Cache-Control': 'max-age=60' }),
  );
  const { headers } = await app.request('http://localhost/v1/page');
  expect([headers.get('Content-Security-Policy'), headers.get('Cache-Control')]).toEqual([
    policy,
    'max-age=60',
  ]);
});
