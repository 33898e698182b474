import { describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemSlug } from '../../edge/problems.ts';
import { OperationName } from '../../shared/manifest.ts';
import { API_KEYS } from '../support/edge/apiKeys.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { ROWS_CASES, type RowsOperationName } from '../support/edge/operationCases.ts';
import {
  ENCODE,
  LIMITED,
  MAX_BODY_BYTES,
  MAX_ROWS,
  PROBLEM_CASES,
  RATE_LIMIT,
  row,
  streamed,
} from '../support/edge/problemCases.ts';

const worker = edgeWorker(LIMITED);
const guarded = edgeWorker({ API_KEYS }, RATE_LIMIT);
const SLUGS = Object.keys(PROBLEMS) as ProblemSlug[];

describe.each(SLUGS)('%s', (slug) => {
  test('has a case', () => expect(PROBLEM_CASES[slug]).not.toHaveLength(0));

  for (const [name, send, members = {}] of PROBLEM_CASES[slug]) {
    test(name, async () => {
      const problem = await expectProblem(await send(worker, guarded), slug);
      expect(problem).toMatchObject(members);
      expect(problem.detail.length).toBeLessThanOrEqual(300);
    });
  }

  test('is described at its own address', async () => {
    const response = await worker.request(`/problems/${slug}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/);
    expect(await response.text()).toContain(PROBLEMS[slug].help);
  });
});

test('a problem type is an address of the API itself', async () => {
  const { type } = await expectProblem(await worker.request('/nothing'), 'unknown-path');
  expect(new URL(type).origin).toBe(worker.url.origin);
});

test('a client that goes on sending far beyond the limit harms nobody', async () => {
  // The answer may come before or after the connection breaks, depending on who is faster.
  await Promise.allSettled([streamed(MAX_BODY_BYTES * 1000)(worker, guarded)]);
  expect((await worker.post(ENCODE, { rows: [row] })).status).toBe(200);
});

test('a body and a batch of exactly the limit are answered', async () => {
  const body = JSON.stringify({ rows: new Array(MAX_ROWS).fill(row) });
  const response = await worker.post(ENCODE, body.padEnd(MAX_BODY_BYTES));
  expect(response.status).toBe(200);
  await response.json();
});

test('what was wrong inside is logged, not answered', async () => {
  await expectProblem(await worker.post('/v1/models/faulty/encode', { rows: [row, row] }), 'internal-error');
  await expect.poll(() => worker.logs.join('\n')).toMatch(/internal-error[\s\S]*OrtRun/);
});

describe.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s', (operation) => {
  const { sends, inputWidth } = ROWS_CASES[operation];

  test('checks its own member and width', async () => {
    const path = `/v1/models/linear/${operation}`;
    const members = await expectProblem(await worker.post(path, { rows: [[]], codes: [[]] }), 'invalid-body');
    expect(members.detail).toContain(sends === 'rows' ? 'codes' : 'rows');
    const shape = await expectProblem(await worker.post(path, { [sends]: [[1]] }), 'wrong-shape');
    expect(shape.expected).toBe(`${inputWidth} values`);
  });
});

test.each(OperationName.options)('%s takes POST only', async (operation) => {
  const response = await worker.request(`/v1/models/linear/${operation}`, { method: 'PUT' });
  expect(response.headers.get('Allow')).toBe('POST, OPTIONS');
  await expectProblem(response, 'method-not-allowed');
});

test('says in headers what would have been understood', async () => {
  const type = await worker.post(ENCODE, {}, { 'Content-Type': 'text/csv' });
  expect(type.headers.get('Accept')).toBe('application/json, application/octet-stream, image/png');
  const encoding = await worker.post(ENCODE, {}, { 'Content-Encoding': 'br' });
  expect(encoding.headers.get('Accept-Encoding')).toBe('identity');
  await Promise.all([type.text(), encoding.text()]);
});
