/** For every problem there is: requests that must be answered with it. */
import { expect } from 'vitest';
import type { ProblemSlug } from '../../edge/problems.ts';
import { type Phase, timed } from '../../edge/telemetry/record.ts';
import type { Problem } from '../../shared/api.ts';
import { OperationName } from '../../shared/manifest.ts';
import { KEYS, withKey } from './apiKeys.ts';
import { capturedLogs, edgeApp, executionContext } from './edgeApp.ts';
import { NEW_VERSION, OLD_VERSION, UNAVAILABLE } from './edgeArtifacts.ts';
import { BINARY_TYPE, type EdgeWorker, JSON_TYPE } from './edgeWorker.ts';
import { postHalf } from './halfClosed.ts';
import { exampleRows } from './operationCases.ts';

/** The limits and the address that the cases are written for. */
export const MAX_ROWS = 4;
export const MAX_BODY_BYTES = 1000;
export const RATE_LIMIT = 20;
export const ENCODE = '/v1/models/linear/encode';

/** `guarded` wants API keys (`apiKeys.ts`), and takes few requests a minute. */
type Send = (worker: EdgeWorker, guarded: EdgeWorker) => Promise<Response>;
/** What to send, and the members that the problem must explain it with. */
type Case = readonly [name: string, send: Send, members?: Partial<Problem>];

const jsonInit = { method: 'POST', headers: { 'Content-Type': JSON_TYPE } };
const binaryInit = { method: 'POST', headers: { 'Content-Type': BINARY_TYPE } };
/** A row that is right. */
export const row = exampleRows(1, 6)[0]!;
const json = (body: unknown, headers?: Record<string, string>): Send => {
  return ({ post }) => post(ENCODE, body, headers);
};
const withValue = (value: string): Send => json(`{"rows": [[1,2,3,4,5,6], [1,2,3,${value},5,6]]}`);
const position = { row: 1, column: 3 };
/** A binary body of `bytes`, without Content-Length. */
export const streamed = (bytes: number): Send => {
  const body = new ReadableStream({
    start(controller) {
      for (let left = bytes; left > 0; left -= 100) controller.enqueue(new Uint8Array(100));
      controller.close();
    },
  });
  const init = { method: 'POST', headers: { 'Content-Type': BINARY_TYPE }, body, duplex: 'half' };
  return ({ request }) => request(ENCODE, init);
};
const half = (length: string, start: string): Send => {
  return ({ url }) => postHalf(new URL(ENCODE, url), [`Content-Type: ${JSON_TYPE}`, length], start);
};

/** Until there have been too many requests. */
const tooOften: Send = async (_, { request }) => {
  for (let sent = 1; ; sent++) {
    const response = await request('/v1/models', { headers: withKey('spare') });
    if (response.status === 429 || sent > 2 * RATE_LIMIT) return response;
    await response.text();
  }
};
/** Of a route that never comes further than one phase. */
const neverEnding = (phase: Phase): Send => {
  return async () => {
    capturedLogs();
    const app = edgeApp({ MAX_SECONDS: '0.02' }).post('/v1/slow', (c) =>
      timed(c.var.record, phase, () => new Promise<Response>(() => undefined)),
    );
    return app.request('http://localhost/v1/slow', { method: 'POST' }, {}, executionContext().context);
  };
};

/** At least one case for every problem there is. */
export const PROBLEM_CASES: Record<ProblemSlug, readonly Case[]> = {
  unauthorized: [
    ['no key', (_, { request }) => request('/v1/models')],
    ['a wrong key', (_, { request }) => request('/v1/models', { headers: { 'X-API-Key': 'le_wrong' } })],
    ['nothing is there', (_, { request }) => request('/nope')],
  ],
  forbidden: [
    [
      'an operation',
      (_, { post }) => post(ENCODE, { rows: [row] }, withKey('admin')),
      { detail: expect.stringContaining('"infer"') },
    ],
    [
      'looking after the Worker',
      (_, { request }) => request('/admin/stats', { headers: { 'X-API-Key': KEYS.infer } }),
      { detail: expect.stringContaining('"admin"') },
    ],
  ],
  'rate-limited': [['a key', tooOften]],
  'slow-body': [['a body that never ends', neverEnding('receive')]],
  'timed-out': [['a queue that never ends', neverEnding('queue')]],
  'incomplete-body': [
    ['with Content-Length', half('Content-Length: 100', '{"rows"')],
    ['chunked', half('Transfer-Encoding: chunked', '7\r\n{"rows"')],
  ],
  'malformed-json': [
    ['cut short', json('{"rows": [[1, 2')],
    ['NaN', json('{"rows": [[NaN]]}')],
    ['empty', json('')],
    ['two documents', json('{"rows": []} {"rows": []}')],
    [
      'not UTF-8',
      ({ request }) => request(ENCODE, { ...jsonInit, body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]) }),
    ],
    ['binary', ({ request }) => request(ENCODE, { ...jsonInit, body: new Float32Array(6) })],
    ['deeply nested', json('['.repeat(900))],
  ],
  'invalid-body': [
    ['null', json('null')],
    ['an array', json([row])],
    ['a string', json('"rows"')],
    ['no members', json({})],
    ['another member only', json({ codes: [[1, 2]] }), { detail: expect.stringContaining('rows') }],
    ['an extra member', json({ rows: [row], model: 'linear' }), { detail: expect.stringContaining('model') }],
    ['__proto__', json(`{"rows": [[1,2,3,4,5,6]], "__proto__": {"rows": []}}`)],
    ['rows is an object', json({ rows: { length: 1 } })],
    ['rows is null', json({ rows: null })],
    ['rows is a string', json({ rows: 'abc' })],
    ['very many members', json(Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`m${i}`, 1])))],
  ],
  'wrong-shape': [
    ['a short row', json({ rows: [row, row.slice(1)] }), { expected: '6 numbers', received: '5', row: 1 }],
    ['a long row', json({ rows: [[...row, 1]] }), { expected: '6 numbers', received: '7', row: 0 }],
    ['a row of nothing', json({ rows: [[]] }), { row: 0 }],
    ['a row that is a number', json({ rows: [1, 2] }), { row: 0 }],
    ['a row that is null', json({ rows: [row, null] }), { received: 'null', row: 1 }],
    ['a row that is an object', json({ rows: [{ a: 1 }] }), { row: 0 }],
    ['part of a binary row', ({ postBinary }) => postBinary(ENCODE, [row, [1]]), { received: '28 bytes' }],
    ['part of a binary value', ({ request }) => request(ENCODE, { ...binaryInit, body: new Uint8Array(25) })],
    ['rows of another width', ({ postBinary }) => postBinary('/v1/models/linear/decode', [[1, 2, 3]])],
  ],
  'invalid-number': [
    ['a string', withValue('"4"'), { ...position, received: 'a string' }],
    ['null', withValue('null'), { ...position, received: 'null' }],
    ['true', withValue('true'), position],
    ['an array', withValue('[4]'), position],
    ['an object', withValue('{}'), position],
    ['beyond float64', withValue('1e999'), position],
    ['beyond float32', withValue('-3.5e38'), position],
    ['a binary NaN', ({ postBinary }) => postBinary(ENCODE, [row, [1, 2, 3, Number.NaN, 5, 6]]), position],
    [
      'a binary infinity',
      ({ postBinary }) => postBinary(ENCODE, [row, [1, 2, 3, -Infinity, 5, 6]]),
      position,
    ],
  ],
  'empty-batch': [
    ['no rows', json({ rows: [] })],
    ['no bytes', ({ postBinary }) => postBinary(ENCODE, [])],
    ['no body', ({ request }) => request(ENCODE, { ...binaryInit })],
  ],
  'result-not-finite': [
    ['overflow', json({ rows: [row, new Array(6).fill(3e38)] }), { row: 1 }],
    [
      'overflow, in binary',
      ({ postBinary }) => postBinary(ENCODE, [row, new Array(6).fill(3e38)]),
      { row: 1 },
    ],
  ],
  'too-many-rows': [
    ['JSON', json({ rows: new Array(MAX_ROWS + 1).fill(row) }), { received: '5 rows', limit: MAX_ROWS }],
    [
      'binary',
      ({ postBinary }) => postBinary(ENCODE, new Array(MAX_ROWS + 1).fill(row)),
      { received: '5 rows', limit: MAX_ROWS },
    ],
  ],
  'body-too-large': [
    [
      'with Content-Length',
      json(' '.repeat(MAX_BODY_BYTES + 1)),
      { received: '1001 bytes', limit: MAX_BODY_BYTES },
    ],
    ['streamed', streamed(MAX_BODY_BYTES + 100), { limit: MAX_BODY_BYTES }],
  ],
  'unknown-model': [
    [
      'GET',
      ({ request }) => request('/v1/models/nope'),
      { received: 'nope', offered: expect.arrayContaining(['linear']) },
    ],
    ['an operation', ({ post }) => post('/v1/models/nope/encode', { rows: [row] })],
    ['an unknown operation', ({ post }) => post('/v1/models/nope/flip', {})],
    ['a property of objects', ({ request }) => request('/v1/models/constructor')],
    ['broken percent-encoding', ({ request }) => request('/v1/models/%E0%A4%A')],
  ],
  'unknown-version': [
    [
      'GET',
      ({ request }) => request('/v1/models/linear@000000000000'),
      { received: '000000000000', offered: [NEW_VERSION, OLD_VERSION] },
    ],
    [
      'not a version',
      ({ post }) => post('/v1/models/linear@latest/encode', { rows: [row] }),
      { received: 'latest' },
    ],
    ['empty', ({ request }) => request('/v1/models/linear@')],
  ],
  'unknown-operation': [
    [
      'POST',
      ({ post }) => post('/v1/models/linear/flip', {}),
      { received: 'flip', offered: [...OperationName.options] },
    ],
    ['GET', ({ request }) => request('/v1/models/linear/flip'), { received: 'flip' }],
  ],
  'operation-not-offered': [
    [
      'decode',
      ({ post }) => post('/v1/models/encode-only/decode', { codes: [[1, 2]] }),
      { offered: ['encode'] },
    ],
  ],
  'unknown-path': [
    ['root', ({ request }) => request('/')],
    ['elsewhere', ({ request }) => request('/v1/nothing/here')],
    ['a trailing slash', ({ request }) => request('/health/')],
    ['below an operation', ({ post }) => post(`${ENCODE}/more`, {})],
    ['an unknown problem', ({ request }) => request('/problems/constructor')],
  ],
  'method-not-allowed': [
    [
      'GET on an operation',
      ({ request }) => request(ENCODE),
      { received: 'GET', offered: ['POST', 'OPTIONS'] },
    ],
    ['DELETE on a model', ({ request }) => request('/v1/models/linear', { method: 'DELETE' })],
    ['POST on the list', ({ post }) => post('/v1/models', {}), { offered: ['GET', 'HEAD', 'OPTIONS'] }],
    ['PUT on health', ({ request }) => request('/health', { method: 'PUT' })],
  ],
  'unsupported-media-type': [
    ['none', ({ request }) => request(ENCODE, { method: 'POST', body: new Uint8Array(24) })],
    ['a form', json({ rows: [row] }, { 'Content-Type': 'application/x-www-form-urlencoded' })],
    ['text', json({ rows: [row] }, { 'Content-Type': 'text/plain' }), { offered: [JSON_TYPE, BINARY_TYPE] }],
    ['compressed', json({ rows: [row] }, { 'Content-Encoding': 'gzip' }), { received: 'gzip' }],
  ],
  'not-acceptable': [
    ['text/html', json({ rows: [row] }, { Accept: 'text/html' }), { offered: [JSON_TYPE, BINARY_TYPE] }],
    ['nothing at all', json({ rows: [row] }, { Accept: '*/*;q=0' })],
  ],
  'model-unavailable': UNAVAILABLE.map(
    (name): Case => [name, ({ post }) => post(`/v1/models/${name}/encode`, { rows: [row] })],
  ),
  'internal-error': [
    ['a run that fails', ({ post }) => post('/v1/models/faulty/encode', { rows: [row, row] })],
  ],
};
