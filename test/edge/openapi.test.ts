import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { answerName, requestName } from '../../edge/openapi/route.ts';
import { type JsonSchema, jsonSchema } from '../../edge/openapi/schema.ts';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { OperationName } from '../../shared/manifest.ts';
import { ADDRESSES, document, documented, violations } from '../support/contract.ts';
import { edgeApp } from '../support/edgeApp.ts';
import { edgeWorker } from '../support/edgeWorker.ts';

const worker = edgeWorker();

test('is an OpenAPI 3.1 document', async () => {
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('is what the Worker answers, from first to last', async () => {
  const [first, second] = [await worker.request('/openapi.json'), await worker.request('/openapi.json')];
  const served = { ...document, servers: [{ url: worker.url.origin }] };
  expect(await first.json()).toEqual(served);
  expect(await second.json()).toEqual(served);
});

test('has every route of the Worker, and no other', () => {
  const { routes } = edgeApp();
  const routed = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  expect(ADDRESSES.toSorted()).toEqual(routed.toSorted());
});

test('names every route once', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(OperationName.options)('%s', (name) => {
  const { operation, at } = documented('POST', `/v1/models/m/${name}`)!;

  test('has examples that its own schemas accept', () => {
    const { body, answer, example } = OPERATIONS[name];
    expect(() => body.parse(example.request)).not.toThrow();
    const { example: whole } = operation.responses[200]!.content['application/json']!;
    expect(() => answer.parse(whole)).not.toThrow();
    const json = ['content', 'application/json', 'schema'];
    expect(violations([...at, 'requestBody', ...json], example.request)).toEqual([]);
    expect(violations([...at, 'responses', '200', ...json], whole)).toEqual([]);
  });

  test.each([requestName(name), answerName(name)])('says what every member of %s is', (component) => {
    expect(undescribed(document.components.schemas[component]!)).toEqual([]);
    expect(operation.parameters.filter(({ description }) => description === '')).toEqual([]);
  });
});

function undescribed(schema: JsonSchema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const member = property as JsonSchema;
    const own = member.description === undefined ? [`${path}${name}`] : [];
    const inner = undescribed((member.items ?? {}) as JsonSchema, `${path}${name}[].`);
    return [...own, ...inner];
  });
}

test('leaves out bounds that nobody set, and patterns that a format stands for', () => {
  const { createdAt, codeSize } = document.components.schemas.DescribeModelAnswer!.properties as Record<
    string,
    JsonSchema
  >;
  expect(createdAt).toEqual({ type: 'string', format: 'date-time' });
  expect(codeSize).toEqual({ type: 'integer', exclusiveMinimum: 0 });
  const { k } = jsonSchema(OPERATIONS.similar.body, 'input').properties as Record<string, JsonSchema>;
  expect(k).toMatchObject({ minimum: 1, maximum: 1000, default: 20 });
});
