import type { InferRequestType, InferResponseType } from 'hono/client';
import { expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import { createClient } from '../../edge/client.ts';
import type { OPERATIONS } from '../../edge/operations/registry.ts';
import { BINARY_TYPE } from '../../edge/requests/media.ts';
import type { JsonRow, ModelList, Problem } from '../../shared/api.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { NEW_VERSION, OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, expectedRows } from '../support/artifacts/linearArtifact.ts';
import { edgeWorker, readRows } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const worker = edgeWorker();
const rows = exampleRows(2, 6);
const param = { model: `linear@${OLD_VERSION}` };
const operations = () => createClient(worker.url.href).v1.models[':model'];

type Registry = typeof OPERATIONS;
type Calls = ReturnType<typeof operations>;

test('has every operation, with the types of its schemas', () => {
  expectTypeOf<{
    [Name in OperationName]: InferResponseType<Calls[Name]['$post'], 200>;
  }>().toExtend<{ [Name in OperationName]: z.output<Registry[Name]['answer']> }>();
  expectTypeOf<{
    [Name in OperationName]: InferRequestType<Calls[Name]['$post']>['json'];
  }>().toEqualTypeOf<{ [Name in OperationName]: z.input<Registry[Name]['body']> }>();
  expectTypeOf<keyof NonNullable<InferRequestType<Calls['score']['$post']>['query']>>().toEqualTypeOf<
    'threshold' | 'minConfidence' | 'top'
  >();
});

test('sends query parameters, and leaves out what has a default', async () => {
  const { score, sample, recommend } = operations();
  const scored = await score.$post({ param, json: { rows }, query: { threshold: '1.5', top: '1' } });
  if (!scored.ok) throw new Error((await scored.json()).detail);
  const { threshold, scores } = await scored.json();
  expect([threshold, scores[0]!.contributions.length]).toEqual([1.5, 1]);

  const sampled = await sample.$post({ param, json: { seed: 7 } });
  if (!sampled.ok) throw new Error((await sampled.json()).detail);
  expect(await sampled.json()).toMatchObject({ seed: 7, rows: [expect.any(Array)] });

  const recommended = await recommend.$post({ param: { model: 'items' }, json: { items: ['b', 9], k: 1 } });
  if (!recommended.ok) throw new Error((await recommended.json()).detail);
  expect(await recommended.json()).toMatchObject({ items: [{ item: 'd' }], unknown: ['9'] });
});

test('encodes, decodes and reconstructs with the types of the schemas', async () => {
  const { encode, decode, reconstruct } = operations();
  expectTypeOf<Parameters<typeof encode.$post>[0]['json']>().toEqualTypeOf<{ rows: readonly JsonRow[] }>();
  expectTypeOf<Parameters<typeof decode.$post>[0]['json']['codes']>().toEqualTypeOf<
    readonly (readonly number[])[]
  >();

  const encoded = await encode.$post({ param, json: { rows } });
  if (!encoded.ok) throw new Error((await encoded.json()).detail);
  const body = await encoded.json();
  expect(body).toEqual({ model: 'linear', version: OLD_VERSION, codes: expectedCodes(rows) });
  if (body.problems) throw new Error(body.problems[0]!.detail);

  const decoded = await decode.$post({ param, json: { codes: body.codes } });
  if (!decoded.ok) throw new Error((await decoded.json()).detail);
  const wanted = expectedRows(expectedCodes(rows));
  expect((await decoded.json()).rows).toEqual(wanted);

  const reconstructed = await reconstruct.$post({ param, json: { rows } });
  if (!reconstructed.ok) throw new Error((await reconstructed.json()).detail);
  expect((await reconstructed.json()).rows).toEqual(wanted);
});

test('more rows than one answer holds come as the type of the schema says', async () => {
  // One more than by default.
  const many = exampleRows(1025, 6);
  const { encode, score } = operations();
  const encoded = await encode.$post({ param, json: { rows: many } });
  if (!encoded.ok) throw new Error((await encoded.json()).detail);
  expect(await encoded.json()).toEqual({ model: 'linear', version: OLD_VERSION, codes: expectedCodes(many) });
  const scored = await score.$post({ param, json: { rows: many }, query: { top: '1' } });
  if (!scored.ok) throw new Error((await scored.json()).detail);
  expect((await scored.json()).scores).toHaveLength(many.length);
});

test('null is in the lists of an answer only if it has problems', async () => {
  const { encode } = operations();
  const answer = await encode.$post({ param, json: { rows: [rows[0]!, [1]] } });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const { codes, problems, log_variances } = await answer.json();
  expectTypeOf(problems).toEqualTypeOf<readonly Problem[] | undefined>();
  if (problems === undefined) {
    expectTypeOf(codes).toEqualTypeOf<number[][]>();
    expectTypeOf(log_variances).toEqualTypeOf<number[][] | undefined>();
    throw new Error('expected a problem');
  }
  expectTypeOf(codes).toEqualTypeOf<(number[] | null)[]>();
  expectTypeOf(log_variances).toEqualTypeOf<(number[] | null)[] | undefined>();
  expect(codes).toEqual([...expectedCodes(rows.slice(0, 1)), null]);
  expect(problems).toMatchObject([{ row: 1, status: 422 }]);
});

test('an error is a typed problem', async () => {
  const response = await operations().encode.$post({ param: { model: 'nope' }, json: { rows } });
  if (response.ok) throw new Error('expected a problem');
  const problem = await response.json();
  expectTypeOf(problem).toExtend<Problem>();
  expect(problem).toMatchObject({ status: 404, received: 'nope' });
});

test('lists and describes models', async () => {
  const client = createClient(worker.url.href);
  const list = await client.v1.models.$get();
  if (!list.ok) throw new Error((await list.json()).detail);
  const body = await list.json();
  expectTypeOf(body).toEqualTypeOf<ModelList>();
  expect(body.models.map(({ name }) => name)).toContain('linear');
  const described = await operations().$get({ param: { model: 'linear' } });
  if (!described.ok) throw new Error((await described.json()).detail);
  expect((await described.json()).version).toBe(NEW_VERSION);
});

test('reads binary answers through the same call', async () => {
  const response = await operations().encode.$post(
    { param, json: { rows } },
    { headers: { Accept: BINARY_TYPE } },
  );
  expect(await readRows(new Response(await response.arrayBuffer()), 2)).toEqual(expectedCodes(rows));
});
