import { describe, expect, test } from 'vitest';
import { PredictResponse } from '../../shared/api.ts';
import { OperationName } from '../../shared/manifest.ts';
import { expectedOfSupportVectors, NEW_SCALE, NEW_VERSION, OLD_VERSION } from '../support/edgeArtifacts.ts';
import { BINARY_TYPE, edgeWorker, JSON_TYPE, readRows } from '../support/edgeWorker.ts';
import { exampleRows, OPERATION_CASES } from '../support/operationCases.ts';

const worker = edgeWorker();

test('the very first request, on a cold Worker, is answered', async () => {
  const { inputWidth, expected } = OPERATION_CASES.encode;
  const rows = exampleRows(3, inputWidth);
  const response = await worker.post('/v1/models/linear/encode', { rows });
  expect(await response.json()).toEqual({
    model: 'linear',
    version: NEW_VERSION,
    codes: expected(rows, NEW_SCALE),
  });
});

describe.each(OperationName.options)('%s', (operation) => {
  const {
    inputWidth,
    outputWidth,
    sends,
    answers,
    expected,
    request,
    response: schema,
  } = OPERATION_CASES[operation];
  const path = `/v1/models/linear@${OLD_VERSION}/${operation}`;

  test.each([1, 2, 17])('%i rows of JSON', async (rowCount) => {
    const rows = exampleRows(rowCount, inputWidth);
    const body = request.parse({ [sends]: rows });
    const response = await worker.post(path, body);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    expect(response.headers.get('X-Model-Version')).toBe(OLD_VERSION);
    const answer = schema.parse(await response.json());
    expect(answer).toEqual({ model: 'linear', version: OLD_VERSION, [answers]: expected(rows) });
  });

  test.each([1, 17])('%i binary rows', async (rowCount) => {
    const rows = exampleRows(rowCount, inputWidth);
    const response = await worker.postBinary(path, rows);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(BINARY_TYPE);
    expect(response.headers.get('X-Model-Version')).toBe(OLD_VERSION);
    expect(await readRows(response, outputWidth)).toEqual(expected(rows));
  });

  test('JSON in, binary out', async () => {
    const rows = exampleRows(5, inputWidth);
    const response = await worker.post(path, { [sends]: rows }, { Accept: BINARY_TYPE });
    expect(response.headers.get('Content-Type')).toBe(BINARY_TYPE);
    expect(await readRows(response, outputWidth)).toEqual(expected(rows));
  });

  test('binary in, JSON out', async () => {
    const rows = exampleRows(5, inputWidth);
    const response = await worker.postBinary(path, rows, { Accept: JSON_TYPE });
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    expect(await response.json()).toMatchObject({ [answers]: expected(rows) });
  });

  test('rounds to float32, as training does', async () => {
    const rows = [new Array(inputWidth).fill(0.1)];
    const response = await worker.post(path, { [sends]: rows }, { Accept: BINARY_TYPE });
    const [row] = await readRows(response, outputWidth);
    for (const [column, value] of expected(rows)[0]!.entries()) expect(row![column]).toBeCloseTo(value, 5);
  });
});

test('predicts with support vectors', async () => {
  const rows = [new Array(6).fill(0), [0.5, -1, 0.25, 2, 0, 1]];
  const response = await worker.post('/v1/models/support-vectors/predict', { rows });
  const { predictions } = PredictResponse.parse(await response.json());
  for (const [row, expected] of expectedOfSupportVectors(rows).entries())
    expect(predictions[row]![0]).toBeCloseTo(expected, 5);
});

const ACCEPT_CASES: readonly [accept: string, whenJson: string, whenBinary: string][] = [
  ['*/*', JSON_TYPE, BINARY_TYPE],
  ['application/*', JSON_TYPE, BINARY_TYPE],
  ['application/json;q=0.5, application/octet-stream', BINARY_TYPE, BINARY_TYPE],
  ['application/octet-stream;q=0.5, application/json', JSON_TYPE, JSON_TYPE],
  ['APPLICATION/JSON; charset=utf-8', JSON_TYPE, JSON_TYPE],
  ['application/json;q=0, */*', BINARY_TYPE, BINARY_TYPE],
  ['text/html, */*;q=0.1', JSON_TYPE, BINARY_TYPE],
  ['application/octet-stream;q=0, application/*;q=0.2', JSON_TYPE, JSON_TYPE],
];

test.each(ACCEPT_CASES)('Accept: %s', async (accept, whenJson, whenBinary) => {
  const rows = exampleRows(1, 6);
  const json = await worker.post('/v1/models/linear/encode', { rows }, { Accept: accept });
  const binary = await worker.postBinary('/v1/models/linear/encode', rows, { Accept: accept });
  expect([json.headers.get('Content-Type'), binary.headers.get('Content-Type')]).toEqual([
    whenJson,
    whenBinary,
  ]);
  await Promise.all([json.arrayBuffer(), binary.arrayBuffer()]);
});

test.each(['application/json; charset=utf-8', 'Application/JSON'])('Content-Type: %s', async (type) => {
  const response = await worker.post(
    '/v1/models/linear/encode',
    { rows: exampleRows(1, 6) },
    { 'Content-Type': type },
  );
  expect(response.status).toBe(200);
  await response.json();
});
