import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../shared/protocol.ts';
import { edgeWorker, JSON_TYPE } from '../support/edgeWorker.ts';
import { binaryInputs } from '../support/inferMessages.ts';
import { LIMITS, PROTOCOL_ERRORS } from '../support/protocolErrors/cases.ts';

const worker = edgeWorker({ MAX_ROWS: `${LIMITS.MAX_ROWS}`, MAX_BODY_BYTES: `${LIMITS.MAX_BODY_BYTES}` });

describe.each(Object.entries(PROTOCOL_ERRORS))('%s', (status, cases) => {
  test.each(cases)('%s', async (_, send, expected) => {
    const response = await send(worker);
    const text = await response.text();
    expect([text, response.status]).toEqual([expect.any(String), Number(status)]);
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    expect(text).not.toMatch(/\bat [\w.]+ \(|\.[jt]s:\d|onnxruntime|OrtRun|Error:/);
    const { error } = ProtocolError.parse(JSON.parse(text));
    expect(error).toMatch(expected);
    expect(error.length).toBeLessThanOrEqual(300);
  });
});

test('a model that cannot be loaded says when to ask again', async () => {
  const response = await worker.request('/v2/models/tampered/ready');
  expect(response.headers.get('Retry-After')).toBe('10');
  await response.text();
});

test.each([
  ['/v2', 'GET, HEAD, OPTIONS'],
  ['/v2/models/linear/infer', 'POST, OPTIONS'],
])('OPTIONS of %s', async (path, allowed) => {
  const response = await worker.request(path, { method: 'OPTIONS' });
  expect([response.status, response.headers.get('Allow')]).toEqual([204, allowed]);
});

test('HEAD of what is not there has no body', async () => {
  const response = await worker.request('/v2/models/nope', { method: 'HEAD' });
  expect([response.status, await response.text()]).toEqual([404, '']);
});

test('elsewhere, errors are problems as before', async () => {
  for (const path of ['/v20', '/v2x/models', '/v1/models/nope']) {
    const response = await worker.request(path);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    await response.text();
  }
});

test('few bytes cannot ask for more than a body holds', async () => {
  // Each row of a decoder's answer has 6 values, and 8 bytes stand for one, so 1000 bytes are 20 rows.
  const rows = { name: 'code', datatype: 'FP32', shape: [21, 2], data: new Array(42).fill(0) };
  const response = await generous.request('/v2/models/linear.decoder/infer', binaryInputs([rows]));
  expect([response.status, await response.json()]).toEqual([
    413,
    { error: 'A request may have up to 20 rows; received 21.' },
  ]);
});

const generous = edgeWorker({ MAX_BODY_BYTES: `${LIMITS.MAX_BODY_BYTES}` });

test('a good request is answered after all that', async () => {
  const data = new Array(6).fill(1);
  const inputs = [{ name: 'rows', datatype: 'FP32', shape: [1, 6], data }];
  expect((await worker.post('/v2/models/linear/infer', { inputs })).status).toBe(200);
});
