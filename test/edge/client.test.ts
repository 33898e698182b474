import { expect, expectTypeOf, test } from 'vitest';
import { createClient } from '../../edge/client.ts';
import { BINARY_TYPE } from '../../edge/media.ts';
import type { ModelList, Problem, Row } from '../../shared/api.ts';
import { NEW_VERSION, OLD_VERSION } from '../support/edgeArtifacts.ts';
import { edgeWorker, readRows } from '../support/edgeWorker.ts';
import { expectedCodes, expectedRows } from '../support/linearArtifact.ts';
import { exampleRows } from '../support/operationCases.ts';

const worker = edgeWorker();
const rows = exampleRows(2, 6);
const param = { model: `linear@${OLD_VERSION}` };
const operations = () => createClient(worker.url.href).v1.models[':model'];

test('encodes, decodes and reconstructs with the types of the schemas', async () => {
  const { encode, decode, reconstruct } = operations();
  expectTypeOf<Parameters<typeof encode.$post>[0]['json']>().toEqualTypeOf<{ rows: readonly Row[] }>();
  expectTypeOf<Parameters<typeof decode.$post>[0]['json']['codes']>().toEqualTypeOf<
    readonly (readonly number[])[]
  >();

  const encoded = await encode.$post({ param, json: { rows } });
  if (!encoded.ok) throw new Error((await encoded.json()).detail);
  const body = await encoded.json();
  expectTypeOf(body.codes).toEqualTypeOf<number[][]>();
  expect(body).toEqual({ model: 'linear', version: OLD_VERSION, codes: expectedCodes(rows) });

  const decoded = await decode.$post({ param, json: { codes: body.codes } });
  if (!decoded.ok) throw new Error((await decoded.json()).detail);
  const wanted = expectedRows(expectedCodes(rows));
  expect((await decoded.json()).rows).toEqual(wanted);

  const reconstructed = await reconstruct.$post({ param, json: { rows } });
  if (!reconstructed.ok) throw new Error((await reconstructed.json()).detail);
  expect((await reconstructed.json()).rows).toEqual(wanted);
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
