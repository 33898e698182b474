/** Every route answers what the OpenAPI document says: on success, in every form, and on every problem. */
import { encode as encodePng } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { requiredScope } from '../../edge/access.ts';
import { FEEDBACK_ROUTES } from '../../edge/openapi/feedbackRoutes.ts';
import { JOB_ROUTES } from '../../edge/openapi/jobRoutes.ts';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import type { ProblemSlug } from '../../edge/problems.ts';
import type { Operation } from '../../edge/requests/operation.ts';
import { answerTypes } from '../../edge/requests/respond.ts';
import { API_KEYS, LOCAL } from '../support/edge/apiKeys.ts';
import {
  ADDRESSES,
  document,
  documented,
  expectDocumented,
  slugOf,
  violations,
} from '../support/edge/contract.ts';
import { BINARY_TYPE, type EdgeWorker, edgeWorker, JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { JOBS, threeRows } from '../support/edge/jobCases.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from '../support/edge/operationCases.ts';
import { ENCODE, LIMITED, PROBLEM_CASES, RATE_LIMIT } from '../support/edge/problemCases.ts';
import { ROUTE_CASES } from '../support/edge/routeCases.ts';

const worker = edgeWorker(LOCAL);
const limited = edgeWorker(LIMITED);
const guarded = edgeWorker({ API_KEYS }, RATE_LIMIT);

const NDJSON_TYPE = 'application/x-ndjson';
const png = new Uint8Array(encodePng({ width: 3, height: 2, data: new Uint8Array(6), channels: 1 }));

/** Sends a request that the document allows, and holds its answer against the document. */
async function expectAnswered(
  path: string,
  type: string,
  accept: string,
  body: object | Uint8Array<ArrayBuffer>,
) {
  const { operation, at } = documented('POST', path)!;
  expect(Object.keys(operation.requestBody!.content)).toContain(type);
  if (type === JSON_TYPE)
    expect(violations([...at, 'requestBody', 'content', type, 'schema'], body)).toEqual([]);
  const response = await worker.request(path, {
    method: 'POST',
    headers: { 'Content-Type': type, Accept: accept },
    body: body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, accept]);
  await expectDocumented('POST', path, response);
}

describe.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s', (name) => {
  const { sends, inputWidth } = ROWS_CASES[name];
  const rows = exampleRows(2, inputWidth);
  const bytes = new Uint8Array(new Float32Array(rows.flat()).buffer);
  const requests: [model: string, type: string, body: object | Uint8Array<ArrayBuffer>][] = [
    ['linear', JSON_TYPE, { [sends]: rows }],
    ['linear', BINARY_TYPE, bytes],
  ];
  if (sends === 'rows') requests.push(['images', 'image/png', png]);

  test.each(answerTypes(OPERATIONS[name]))('answers %s', async (accept) => {
    for (const [model, type, body] of requests)
      await expectAnswered(`/v1/models/${model}/${name}`, type, accept, body);
  });
});

describe.each(Object.keys(BODY_CASES) as BodyOperationName[])('%s', (name) => {
  const operation: Operation = OPERATIONS[name];

  test.each(answerTypes(operation))('answers %s', async (accept) => {
    for (const [, model, body] of BODY_CASES[name])
      await expectAnswered(`/v1/models/${model}/${name}`, JSON_TYPE, accept, body);
  });
});

test('rows by name, cells of every type, and query parameters are as documented', async () => {
  const people = {
    rows: [
      { height: 1.8, member: true, city: 'Rome' },
      { age: null, height: 1.7, member: false },
    ],
  };
  await expectAnswered('/v1/models/columns/encode', JSON_TYPE, JSON_TYPE, people);
  const rows = exampleRows(2, 6);
  const { operation } = documented('POST', '/v1/models/linear/score')!;
  const parameters = operation.parameters.filter(({ in: place }) => place === 'query');
  expect(parameters.map(({ name }) => name)).toEqual(['threshold', 'minConfidence', 'top']);
  const response = await worker.post('/v1/models/linear/score?threshold=1&top=1', { rows });
  await expectDocumented('POST', '/v1/models/linear/score', response);
  const variances = await worker.post('/v1/models/conditional/encode?include=log_variance', { rows });
  await expectDocumented('POST', '/v1/models/conditional/encode', variances);
});

test.each([JSON_TYPE, NDJSON_TYPE, BINARY_TYPE])(
  'rows without an answer are documented: %s',
  async (Accept) => {
    const rows = [...exampleRows(299, 6), new Array(6).fill(3e38)];
    const response = await worker.post(ENCODE, { rows }, { Accept });
    if (Accept !== BINARY_TYPE) {
      const last = (await response.clone().text()).trimEnd().split('\n').at(-1)!;
      expect(JSON.parse(last)).toMatchObject({ problems: [{ row: 299 }] });
    }
    await expectDocumented('POST', ENCODE, response);
  },
);

test.each(Object.entries(ROUTE_CASES))('%s', async (address, cases) => {
  expect(cases.length).toBeGreaterThan(0);
  const [method] = address.split(' ') as [string];
  for (const [path, init] of cases) {
    const response = await worker.request(path, { method, ...init });
    expect(response.status).toBe(200);
    await expectDocumented(method, new URL(path, worker.url).pathname, response);
  }
});

test('jobs are as documented', async () => {
  const body = await threeRows(worker);
  const { at } = documented('POST', JOBS)!;
  expect(violations([...at, 'requestBody', 'content', JSON_TYPE, 'schema'], body)).toEqual([]);
  const submitted = await worker.post(JOBS, body);
  expect(submitted.status).toBe(202);
  const { id } = (await submitted.clone().json()) as { id: string };
  await expectDocumented('POST', JOBS, submitted);
  await expectDocumented('GET', JOBS, await worker.request(JOBS));
  const path = `${JOBS}/${id}`;
  await expectDocumented('GET', path, await worker.request(path));
  await expectDocumented('DELETE', path, await worker.request(path, { method: 'DELETE' }));
});

test('labels are as documented', async () => {
  const path = '/v1/feedback';
  const { at } = documented('POST', path)!;
  const label = { request_id: crypto.randomUUID(), label: true };
  for (const body of [label, [label, { ...label, row: 1 }]]) {
    expect(violations([...at, 'requestBody', 'content', JSON_TYPE, 'schema'], body)).toEqual([]);
    const response = await worker.post(path, body);
    expect(response.status).toBe(200);
    await expectDocumented('POST', path, response);
  }
});

test('a key needs the scope that the document says', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { security } of Object.values(methods))
      expect(security[0]?.bearer?.[0] ?? null, path).toBe(requiredScope(path));
  }
});

test('every route has a case', () => {
  const operations = [...Object.keys(ROWS_CASES), ...Object.keys(BODY_CASES)];
  const covered = [
    ...Object.keys(ROUTE_CASES),
    ...Object.keys(JOB_ROUTES),
    ...Object.keys(FEEDBACK_ROUTES),
    ...operations.map((name) => `POST /v1/models/{model}/${name}`),
  ];
  expect(covered.toSorted()).toEqual(ADDRESSES.toSorted());
});

/** These are answered where the document has nothing; models are looked up before their operations. */
const UNDOCUMENTED: readonly string[] = [
  'unknown-path',
  'unknown-model',
  'unknown-operation',
  'method-not-allowed',
  'unauthorized',
] satisfies ProblemSlug[];

describe.each(Object.keys(PROBLEM_CASES) as ProblemSlug[])('%s', (slug) => {
  for (const [name, send] of PROBLEM_CASES[slug]) {
    test(name, async () => {
      const { response, method, path } = await recorded(send);
      if (documented(method, path)) return expectDocumented(method, path, response);
      const problem = await response.text();
      expect(UNDOCUMENTED).toContain(slugOf(problem));
      expect(violations(['components', 'schemas', 'Problem'], JSON.parse(problem))).toEqual([]);
    });
  }
});

/** Sends what a case sends, and tells method and path; cases that go around `fetch` POST to `ENCODE`. */
async function recorded(send: (worker: EdgeWorker, guarded: EdgeWorker) => Promise<Response>) {
  let [method, path] = ['POST', ENCODE];
  const record = (sent: string, to: string) => {
    [method, path] = [sent, new URL(to, limited.url).pathname];
  };
  const recording = (worker: EdgeWorker): EdgeWorker => ({
    ...{ url: worker.url, logs: worker.logs, bucket: worker.bucket },
    request: (to, init) => {
      record(init?.method ?? 'GET', to);
      return worker.request(to, init);
    },
    post: (to, ...rest) => {
      record('POST', to);
      return worker.post(to, ...rest);
    },
    postBinary: (to, ...rest) => {
      record('POST', to);
      return worker.postBinary(to, ...rest);
    },
  });
  const response = await send(recording(limited), recording(guarded));
  return { response, method, path };
}
