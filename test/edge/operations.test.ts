import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import type { Operation } from '../../edge/requests/operation.ts';
import { expectedValues } from '../support/artifacts/columnsArtifact.ts';
import {
  expectedOfSupportVectors,
  NEW_SCALE,
  NEW_VERSION,
  OLD_VERSION,
} from '../support/artifacts/edgeArtifacts.ts';
import { asFloat32 } from '../support/edge/asFloat32.ts';
import { BINARY_TYPE, edgeWorker, JSON_TYPE, readRows } from '../support/edge/edgeWorker.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from '../support/edge/operationCases.ts';
import { expectNear } from '../support/training/near.ts';

const worker = edgeWorker();

test('the very first request, on a cold Worker, is answered', async () => {
  const rows = exampleRows(3, ROWS_CASES.encode.inputWidth);
  const response = await worker.post('/v1/models/linear/encode', { rows });
  const codes = ROWS_CASES.encode.expected(rows, NEW_SCALE);
  expect(await response.json()).toEqual({ model: 'linear', version: NEW_VERSION, codes });
});

describe.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s', (name) => {
  const { inputWidth, outputWidth, sends, body, expected, rounds } = ROWS_CASES[name];
  const path = `/v1/models/linear@${OLD_VERSION}/${name}`;
  const expectSame = rounds
    ? expectNear
    : (a: unknown, b: unknown) => expect(asFloat32(a)).toEqual(asFloat32(b));

  test.each([1, 2, 17])('%i rows of JSON', async (rowCount) => {
    const rows = exampleRows(rowCount, inputWidth);
    const response = await worker.post(path, { [sends]: rows });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    expect(response.headers.get('X-Model-Version')).toBe(OLD_VERSION);
    const answer = OPERATIONS[name].answer.parse(await response.json());
    expectSame(answer, { model: 'linear', version: OLD_VERSION, ...body(rows) });
  });

  test.each([1, 17])('%i binary rows', async (rowCount) => {
    const rows = exampleRows(rowCount, inputWidth);
    const response = await worker.postBinary(path, rows);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(BINARY_TYPE);
    expect(response.headers.get('X-Model-Version')).toBe(OLD_VERSION);
    expectSame(await readRows(response, outputWidth), expected(rows));
  });

  test('JSON in, binary out', async () => {
    const rows = exampleRows(5, inputWidth);
    const response = await worker.post(path, { [sends]: rows }, { Accept: BINARY_TYPE });
    expect(response.headers.get('Content-Type')).toBe(BINARY_TYPE);
    expectSame(await readRows(response, outputWidth), expected(rows));
  });

  test('binary in, JSON out', async () => {
    const rows = exampleRows(5, inputWidth);
    const response = await worker.postBinary(path, rows, { Accept: JSON_TYPE });
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    expectSame(await response.json(), { model: 'linear', version: OLD_VERSION, ...body(rows) });
  });

  test('rounds to float32, as training does', async () => {
    const rows = [new Array(inputWidth).fill(0.1)];
    const response = await worker.post(path, { [sends]: rows }, { Accept: BINARY_TYPE });
    expectNear(await readRows(response, outputWidth), expected(rows));
  });
});

describe.each(Object.keys(BODY_CASES) as BodyOperationName[])('%s', (name) => {
  const { answer: schema }: Operation = OPERATIONS[name];

  for (const [what, model, body, expected, rows] of BODY_CASES[name]) {
    test(what, async () => {
      const path = `/v1/models/${model}/${name}`;
      const response = await worker.post(path, body);
      expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
      const version = response.headers.get('X-Model-Version');
      expectNear(schema.parse(await response.json()), { model, version, ...expected });
      if (rows === undefined) return;
      const binary = await worker.post(path, body, { Accept: BINARY_TYPE });
      expectNear(await readRows(binary, rows[0]!.length), rows);
    });
  }
});

test('the same seed gives the same bytes, and another seed, drawn where none is given, others', async () => {
  const bytes = async (body: object) => {
    const response = await worker.post(
      '/v1/models/linear/sample',
      { n: 4, ...body },
      { Accept: BINARY_TYPE },
    );
    return { seed: Number(response.headers.get('X-Seed')), data: Buffer.from(await response.arrayBuffer()) };
  };
  const drawn = await bytes({});
  expect(await bytes({ seed: drawn.seed })).toEqual(drawn);
  expect((await bytes({})).data).not.toEqual(drawn.data);
});

test('predicts with support vectors', async () => {
  const rows = [new Array(6).fill(0), [0.5, -1, 0.25, 2, 0, 1]];
  const response = await worker.post('/v1/models/support-vectors/predict', { rows });
  const { predictions } = OPERATIONS.predict.answer.parse(await response.json());
  expectNear(
    predictions,
    expectedOfSupportVectors(rows).map((value) => [value]),
  );
});

const ACCEPT_CASES: readonly [accept: string, whenJson: string, whenBinary: string][] = [
  ['*/*', JSON_TYPE, BINARY_TYPE],
  ['application/*', JSON_TYPE, BINARY_TYPE],
  ['application/json;q=0.5, application/octet-stream', BINARY_TYPE, BINARY_TYPE],
  ['application/octet-stream;q=0.5, application/json', JSON_TYPE, JSON_TYPE],
  ['APPLICATION/JSON; charset=utf-8', JSON_TYPE, JSON_TYPE],
  ['application/json;q=0, application/x-ndjson;q=0, */*', BINARY_TYPE, BINARY_TYPE],
  // A wildcard does not ask for several documents.
  ['application/octet-stream;q=0, application/json;q=0.5, */*', JSON_TYPE, JSON_TYPE],
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

test('score names the value and the expected one of each column: numbers, categories, booleans and gaps', async () => {
  const rows = [
    { age: 30, city: 'Rome', height: 1.5, member: false },
    { city: null, height: 0.5, member: true },
  ];
  const response = await worker.post('/v1/models/columns/score?top=4', { rows });
  const { scores } = OPERATIONS.score.answer.parse(await response.json());
  for (const [i, row] of rows.entries()) {
    const { contributions } = scores[i]!;
    const of = (member: 'value' | 'expected') =>
      Object.fromEntries(contributions.map((each) => [each.feature, each[member]]));
    expect(of('value')).toEqual({ age: null, ...row });
    expect(of('expected')).toEqual(expectedValues(row));
  }
});

test('score answers a row whose reconstruction overflows, without an expected value', async () => {
  const rows = [{ age: 30, city: 'Rome', height: 3e38, member: false }];
  const response = await worker.post('/v1/models/columns/score?top=1', { rows });
  const { scores, problems } = OPERATIONS.score.answer.parse(await response.json());
  expect(problems).toBeUndefined();
  expect(scores[0]!.contributions).toMatchObject([{ feature: 'height', value: 3e38, expected: null }]);
});
