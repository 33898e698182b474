/** For every problem there is: requests that must be answered with it. */
import { encode } from 'fast-png';
import { expect, inject } from 'vitest';
import type { ProblemSlug } from '../../../edge/problems.ts';
import { type Phase, timed } from '../../../edge/telemetry/record.ts';
import type { Problem } from '../../../shared/api.ts';
import { NEW_VERSION, OLD_VERSION, UNAVAILABLE } from '../artifacts/edgeArtifacts.ts';
import { LINEAR_OPERATIONS } from '../artifacts/linearArtifact.ts';
import { KEYS, withKey } from './apiKeys.ts';
import { capturedLogs, edgeApp, executionContext } from './edgeApp.ts';
import { BINARY_TYPE, type EdgeWorker, JSON_TYPE, startEdgeWorker } from './edgeWorker.ts';
import { postHalf } from './halfClosed.ts';
import { JOBS, submitted, threeRows } from './jobCases.ts';
import { exampleRows } from './operationCases.ts';
import { startChunkedUpload } from './slowClients.ts';

/** The limits and the address that the cases are written for. */
export const MAX_ROWS = 4;
export const MAX_STREAMED_ROWS = 8;
export const MAX_BODY_BYTES = 1000;
export const RATE_LIMIT = 20;
/** The limits as variables of a Worker. */
export const LIMITED = {
  MAX_ROWS: `${MAX_ROWS}`,
  MAX_STREAMED_ROWS: `${MAX_STREAMED_ROWS}`,
  MAX_BODY_BYTES: `${MAX_BODY_BYTES}`,
  MAX_IN_FLIGHT_BYTES: '1200',
};
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
const withValue = (value: string): Send => json(`{"rows": [[1,2,3,${value},5,6]]}`);
const position = { row: 0, column: 3 };
/** POSTs JSON to any `model/operation`. */
const at = (path: string, body: unknown): Send => {
  return ({ post }) => post(`/v1/models/${path}`, body);
};
const person = { height: 1.8, member: true };
const png = (body: Uint8Array<ArrayBuffer>, model = 'images'): Send => {
  const init = { method: 'POST', headers: { 'Content-Type': 'image/png' }, body };
  return ({ request }) => request(`/v1/models/${model}/encode`, init);
};
/** Grey pixels, all of them 255. */
const grey = (width: number, height: number) => {
  const pixels = new Uint8Array(width * height).fill(255);
  return new Uint8Array(encode({ width, height, data: pixels, channels: 1, depth: 8 }));
};
/** A file with one byte changed. */
const damaged = (bytes: Uint8Array<ArrayBuffer>, position: number) => {
  return bytes.with(position, bytes[position]! ^ 0xff);
};
/** A binary body of `bytes`, without Content-Length. */
export const streamed = (bytes: number): Send => {
  return ({ request }) => {
    const body = new ReadableStream({
      start(controller) {
        for (let left = bytes; left > 0; left -= 100) controller.enqueue(new Uint8Array(100));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'Content-Type': BINARY_TYPE }, body, duplex: 'half' };
    return request(ENCODE, init);
  };
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
/** Beside a body that is only begun. */
const besideAnother: Send = async ({ url, post }) => {
  const begin = () => startChunkedUpload(new URL(ENCODE, url), 100);
  let upload = await begin();
  const body = JSON.stringify({ rows: [row] }).padEnd(MAX_BODY_BYTES / 2);
  for (;;) {
    // It may be the one that does not fit, beside one of these.
    if (upload.received() !== '') upload = await begin();
    const response = await post(ENCODE, body);
    // The other one may not have been seen yet.
    if (response.status !== 200) {
      upload.close();
      return response;
    }
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
/** Labels for a bucket that fails. */
const toFailingBucket: Send = async ({ post }) => {
  const label = { request_id: crypto.randomUUID(), label: true };
  // One that works, for the address.
  await (await post('/v1/feedback', label)).text();
  capturedLogs();
  const app = edgeApp({}, { rows: { put: () => Promise.reject(new Error('internal error')) } });
  const init = { ...jsonInit, body: JSON.stringify(label) };
  return app.request('http://localhost/v1/feedback', init, {}, executionContext().context);
};
/** The same of a Worker that was frozen without having seen much. */
const poorly = (send: Send): Send => {
  return async () => {
    const worker = await startEdgeWorker(inject('poorBuild'));
    // What is not read before the Worker ends is lost.
    const response = await send(worker, worker);
    const body = await response.arrayBuffer();
    await worker.dispose();
    return new Response(body, response);
  };
};

const ofJob = (members: object): Send => {
  return async (worker) => worker.post(JOBS, { ...(await threeRows(worker)), ...members });
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
  overloaded: [['bodies that do not fit beside each other', besideAnother, { limit: 1200 }]],
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
  ],
  'invalid-body': [
    [
      'a job elsewhere',
      ofJob({ input: 's3://jobs/a.csv' }),
      { detail: expect.stringContaining('r2://jobs/') },
    ],
    ['a job on what jobs keep', ofJob({ input: 'r2://jobs/.jobs/a/job.json' })],
    ['a job of no format', ofJob({ input: 'r2://jobs/a.txt' }), { detail: expect.stringContaining('.csv') }],
    ['a job whose answers have no format', ofJob({ output: 'r2://jobs/a.csv' })],
    ['null', json('null')],
    ['deeply nested', json('['.repeat(900))],
    ['an array', json([row])],
    ['a string', json('"rows"')],
    ['no members', json({})],
    ['another member only', json({ codes: [[1, 2]] }), { detail: expect.stringContaining('rows') }],
    ['an extra member', json({ rows: [row], model: 'linear' }), { detail: expect.stringContaining('model') }],
    ['__proto__', json(`{"rows": [[1,2,3,4,5,6]], "__proto__": {"rows": []}}`)],
    ['rows is an object', json({ rows: { length: 1 } })],
    ['rows is null', json({ rows: null })],
    ['rows is a string', json({ rows: 'abc' })],
    ['both rows and codes', at('linear/traverse', { rows: [row], codes: [[1, 2]], dimension: 0, steps: 2 })],
    ['neither', at('linear/interpolate', { steps: 3 })],
    ['one row to interpolate between', at('linear/interpolate', { rows: [row], steps: 2 })],
    [
      'a dimension that the code does not have',
      at('linear/traverse', { codes: [[1, 2]], dimension: 2, steps: 2 }),
    ],
    ['no steps', at('linear/interpolate', { codes: [[1, 2], [3, 4]], steps: 0 })], // biome-ignore format: pairs
    ['a negative seed', at('linear/sample', { seed: -1 })],
    ['half a sample', at('linear/sample', { n: 0.5 })],
    ['an item that is an object', at('items/recommend', { items: [{}] })],
    ['no recommendations', at('items/recommend', { items: [], k: 0 })],
    ['neither items nor users', at('shop/recommend', {}), { detail: expect.stringContaining('users') }],
    ['both items and users', at('shop/recommend', { items: [], users: [[]] })],
    ['too many users', at('shop/recommend', { users: new Array(257).fill([]) })],
    ['an empty range', at('shop/recommend', { items: [], where: { legs: {} } })],
    ['very many members', json(Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`m${i}`, 1])))],
  ],
  'invalid-query': [
    ['an unknown parameter', at('linear/encode?rows=1', { rows: [row] })],
    ['dimensions in words', at('linear/reduce?dims=two', { rows: [row] })],
    ['dimensions in hexadecimal', at('linear/reduce?dims=0x2', { rows: [row] })],
    ['dimensions after a space', at('linear/reduce?dims=%202', { rows: [row] })],
    ['a parameter twice', at('linear/reduce?dims=2&dims=3', { rows: [row] }), { received: '2 values' }],
    [
      'a parameter twice alike',
      at('linear/reduce?dims=2&dims=2', { rows: [row] }),
      { expected: 'one value' },
    ],
    ['four dimensions', at('linear/reduce?dims=4', { rows: [row] })],
    ['more dimensions than the code has', at('linear/reduce?dims=3', { rows: [row] }), { received: '3' }],
    ['a threshold below 0', at('linear/score?threshold=-1', { rows: [row] })],
    ['an empty threshold', at('linear/score?threshold=', { rows: [row] })],
    ['variances of a model without', at('linear/encode?include=log_variance', { rows: [row] })],
    ['titles of a model without', at('items/recommend?include=title', { items: [] }), { received: 'title' }],
    [
      'entries of a model without a codebook',
      at('linear/encode?include=indices', { rows: [row] }),
      { detail: 'linear is not vector-quantized: its codes have no indices.' },
    ],
    ['anything else to include', at('linear/encode?include=weights', { rows: [row] })],
  ],
  'missing-feature': [
    ['null', withValue('null'), { ...position, feature: 'd' }],
    ['left out', json({ rows: [{ a: 1, b: 2, c: 3, d: 4, e: 5 }] }), { row: 0, column: 5, feature: 'f' }],
    ['no features at all', json({ rows: [{}] }), { row: 0, column: 0, feature: 'a' }],
    ['a column', at('columns/encode', { rows: [{ member: true }] }), { row: 0, feature: 'height' }],
    ['where features have no names', at('images/encode', { rows: [[1, 2, null, 4, 5, 6]] }), { column: 2 }],
  ],
  'unknown-feature': [
    ['beside all others', json({ rows: [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }] }), { received: 'g' }],
    ['a property of objects', json({ rows: [{ constructor: 1 }] }), { offered: [...'abcdef'] }],
    ['a column', at('columns/encode', { rows: [{ ...person, weight: 80 }] }), { received: 'weight' }],
    ['a very long name', json({ rows: [{ ['x'.repeat(500)]: 1 }] }), { received: 'x'.repeat(60) }],
  ],
  'invalid-label': [
    ['none', at('conditional/sample', {}), { offered: ['blue', 'red', 'green'] }],
    ['unknown', at('conditional/sample', { label: 'pink' }), { received: 'pink' }],
    ['a position beyond', at('conditional/sample', { label: 3 }), { received: '3' }],
    ['too few', at('conditional/decode', { codes: [[0, 0], [1, 1]], labels: ['red'] })], // biome-ignore format: pairs
    ['of a model without condition', at('linear/sample', { label: 'red' })],
    ['binary codes', ({ postBinary }) => postBinary('/v1/models/conditional/decode', [[1, 2]])],
  ],
  'unknown-item': [
    ['an id', at('items/similar', { item: 'zzz' }), { received: 'zzz' }],
    ['a property of objects', at('items/similar', { item: '__proto__' })],
  ],
  'invalid-filter': [
    [
      'a misspelt column',
      at('shop/recommend', { items: ['a'], where: { in_stok: true } }),
      { detail: expect.stringMatching(/"kind", "legs", "in_stock".*did you mean 'in_stock'/) },
    ],
    [
      'a misspelt value',
      at('shop/recommend', { items: [], where: { kind: ['insect', 'pett'] } }),
      { offered: ['insect', 'pet|mammal', 'pet', 'mammal'], detail: expect.stringContaining("mean 'pet'") },
    ],
    ['text for a number', at('shop/recommend', { items: [], where: { legs: '4' } }), { received: '"4"' }],
    ['a range of texts', at('shop/recommend', { items: [], where: { kind: { min: 1 } } })],
    ['columns of a model without', at('items/recommend', { items: [], where: { a: 1 } }), { received: 'a' }],
  ],
  'filters-not-offered': [
    ['allowed items', at('items/recommend', { items: ['a'], allow: ['b'] })],
    ['denied items', at('items/recommend', { items: ['a'], deny: ['b'] })],
    ['seen items', at('items/recommend', { items: ['a'], excludeSeen: false })],
  ],
  'unsupported-image': [
    ['another size', png(grey(2, 3)), { expected: '3 x 2 pixels', received: '2 x 3 pixels' }],
    ['a JPEG', png(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), { detail: expect.stringContaining('JPEG') }],
    ['a damaged file', png(damaged(grey(3, 2), 45))],
    ['cut short', png(grey(3, 2).slice(0, 40))],
    [
      'colours',
      png(
        new Uint8Array(
          encode({ width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i), channels: 3 }),
        ),
      ),
    ],
    ['a model of columns', png(grey(3, 2), 'columns')],
    ['flat rows', png(grey(3, 2), 'linear'), { detail: expect.stringContaining('are not images') }],
    [
      'another size, where channels come first',
      png(grey(1, 3), 'images-first'),
      { expected: '2 x 1 pixels', received: '1 x 3 pixels' },
    ],
  ],
  'wrong-shape': [
    ['a short row', json({ rows: [row.slice(1)] }), { expected: '6 values', received: '5', row: 0 }],
    ['a long row', json({ rows: [[...row, 1]] }), { expected: '6 values', received: '7', row: 0 }],
    ['a row of nothing', json({ rows: [[]] }), { row: 0 }],
    [
      'an image in its shape',
      at('images/encode', { rows: [[[0, 0, 0], [0, 0, 0]]] }), // biome-ignore format: an image
      {
        expected: 'one flat array of 6 values, in the order of the shape [2, 3]',
        received: 'an array of 2 arrays',
      },
    ],
    [
      'an image that is no list of rows',
      at('images/encode', { rows: [[0, 0, 0], [0, 0, 0]] }), // biome-ignore format: an image
      { expected: 'one flat array of 6 values, in the order of the shape [2, 3]', received: '3', row: 0 },
    ],
    [
      'an image with channels first, in its shape',
      at('images-first/encode', { rows: [[[[0, 0]], [[0, 0]], [[0, 0]]]] }),
      {
        detail:
          'row 0: expected one flat array of 6 values, in the order of the shape [3, 1, 2], received an array of 3 arrays',
      },
    ],
    [
      'a nested row of a flat model',
      json({ rows: [[row]] }),
      { expected: 'one flat array of 6 values', received: 'an array of 1 arrays' },
    ],
    ['a row that is a number', json({ rows: [1, 2] }), { row: 0 }],
    ['a row that is null', json({ rows: [null, row.slice(1)] }), { received: 'null', row: 0 }],
    ['a code that is an object', at('linear/decode', { codes: [{ a: 1 }] }), { row: 0 }],
    ['part of a binary row', ({ postBinary }) => postBinary(ENCODE, [row, [1]]), { received: '28 bytes' }],
    ['part of a binary value', ({ request }) => request(ENCODE, { ...binaryInit, body: new Uint8Array(25) })],
    ['rows of another width', ({ postBinary }) => postBinary('/v1/models/linear/decode', [[1, 2, 3]])],
  ],
  'invalid-number': [
    ['a string', withValue('"4"'), { ...position, received: 'a string' }],
    ['true', withValue('true'), position],
    ['a category that is a number', at('columns/encode', { rows: [[1, 2, 3, true]] }), { row: 0, column: 1 }],
    [
      'a number that is text',
      at('columns/encode', { rows: [['1', 'Rome', 3, true]] }),
      { row: 0, column: 0 },
    ],
    [
      'true or false that is neither',
      at('columns/encode', { rows: [{ height: 1, member: 7 }] }),
      { row: 0, column: 3, feature: 'member', received: 'number 7' },
    ],
    [
      'a feature of an object, by name',
      at('columns/encode', { rows: [{ height: 'tall', member: true }] }),
      { row: 0, column: 2, feature: 'height', received: 'a string' },
    ],
    ['an array', withValue('[4]'), position],
    ['an object', withValue('{}'), position],
    ['beyond float64', withValue('1e999'), position],
    ['beyond float32', withValue('-3.5e38'), position],
    ['a binary NaN', ({ postBinary }) => postBinary(ENCODE, [[1, 2, 3, Number.NaN, 5, 6]]), position],
    ['a binary infinity', ({ postBinary }) => postBinary(ENCODE, [[1, 2, 3, -Infinity, 5, 6]]), position],
  ],
  'empty-batch': [
    ['no rows', json({ rows: [] })],
    ['no bytes', ({ postBinary }) => postBinary(ENCODE, [])],
    ['no body', ({ request }) => request(ENCODE, { ...binaryInit })],
  ],
  'result-not-finite': [
    ['overflow', json({ rows: [new Array(6).fill(3e38)] }), { row: 0 }],
    ['overflow, in binary', ({ postBinary }) => postBinary(ENCODE, [new Array(6).fill(3e38)]), { row: 0 }],
  ],
  'rows-refused': [['a graph that fails on two rows', at('elsewhere/encode', { rows: [row, row] })]],
  'too-many-rows': [
    [
      'JSON',
      json({ rows: new Array(MAX_STREAMED_ROWS + 1).fill(row) }),
      { received: '9 rows', limit: MAX_STREAMED_ROWS },
    ],
    [
      'binary',
      ({ postBinary }) => postBinary(ENCODE, new Array(MAX_STREAMED_ROWS + 1).fill(row)),
      { received: '9 rows', limit: MAX_STREAMED_ROWS },
    ],
    ['asked for', at('linear/sample', { n: MAX_ROWS + 1 }), { received: '5 rows', limit: MAX_ROWS }],
    ['steps', at('linear/traverse', { codes: [[0, 0]], dimension: 0, steps: 5 }), { limit: MAX_ROWS }],
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
      { received: 'flip', offered: LINEAR_OPERATIONS },
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
  'unknown-job': [
    ['no id', ({ request }) => request(`${JOBS}/nothing`)],
    ['an id', ({ request }) => request(`${JOBS}/2go5d5h6kcp-2d8fb139`)],
    ['cancelled', ({ request }) => request(`${JOBS}/2go5d5h6kcp-2d8fb139`, { method: 'DELETE' })],
  ],
  'unknown-object': [
    [
      'no input',
      async (worker) => worker.post(JOBS, { ...(await threeRows(worker)), input: 'r2://jobs/none.csv' }),
      { received: 'r2://jobs/none.csv' },
    ],
  ],
  'object-exists': [
    [
      'the input itself',
      async (worker) => {
        const job = await threeRows(worker);
        return worker.post(JOBS, { ...job, output: job.input });
      },
    ],
  ],
  'job-ended': [
    [
      'cancelled twice',
      async (worker) => {
        const path = `${JOBS}/${await submitted(worker)}`;
        await (await worker.request(path, { method: 'DELETE' })).text();
        return worker.request(path, { method: 'DELETE' });
      },
      { detail: expect.stringContaining('it is cancelled') },
    ],
  ],
  'labels-not-stored': [['a bucket that fails', toFailingBucket]],
  'unknown-path': [
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
    [
      'text',
      json({ rows: [row] }, { 'Content-Type': 'text/plain' }),
      { offered: [JSON_TYPE, BINARY_TYPE, 'image/png'] },
    ],
    [
      'binary rows of a model with categories',
      ({ postBinary }) => postBinary('/v1/models/columns/encode', [[1, 2, 3, 4]]),
    ],
    [
      'binary, where a body is taken whole',
      ({ postBinary }) => postBinary('/v1/models/linear/sample', [[1]]),
    ],
    ['compressed', json({ rows: [row] }, { 'Content-Encoding': 'gzip' }), { received: 'gzip' }],
  ],
  'not-acceptable': [
    [
      'text/html',
      json({ rows: [row] }, { Accept: 'text/html' }),
      { offered: [JSON_TYPE, BINARY_TYPE, 'application/x-ndjson'] },
    ],
    [
      'bytes of what has no such form',
      ({ post }) => post('/v1/models/items/similar', { item: 'a' }, { Accept: BINARY_TYPE }),
    ],
    ['nothing at all', json({ rows: [row] }, { Accept: '*/*;q=0' })],
  ],
  'model-unavailable': UNAVAILABLE.map(
    (name): Case => [name, ({ post }) => post(`/v1/models/${name}/encode`, { rows: [row] })],
  ),
  'runtime-trapped': [
    [
      'inputs that the runtime was frozen without',
      poorly(({ post }) => post('/v1/models/even/encode', { rows: [row] })),
    ],
  ],
  'internal-error': [
    ['a run that fails', ({ post }) => post('/v1/models/faulty/encode', { rows: [row, row] })],
  ],
};
