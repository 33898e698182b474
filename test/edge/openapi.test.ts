import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { type JsonSchema, jsonSchema } from '../../edge/openapi/schema.ts';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { OperationName } from '../../shared/manifest.ts';
import { ADDRESSES, document, documented, violations } from '../support/edge/contract.ts';
import { edgeApp } from '../support/edge/edgeApp.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';

const worker = edgeWorker();
const OPERATION_OBJECTS = Object.values(document.paths).flatMap((methods) => Object.values(methods));

test('is an OpenAPI 3.1 document', async () => {
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('is what the Worker answers, on every request', async () => {
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
  const ids = OPERATION_OBJECTS.map(({ operationId }) => operationId);
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
});

test('describes every parameter, answer, header and member', () => {
  const members = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    undescribed(schema, name),
  );
  expect(members).toEqual([]);
  for (const { summary, parameters, responses } of OPERATION_OBJECTS) {
    const headers = Object.values(responses).flatMap((answer) => Object.values(answer.headers ?? {}));
    const described = [
      ...parameters,
      ...Object.values(responses),
      ...headers.filter((each) => !('$ref' in each)),
    ];
    for (const each of described) expect(each).toMatchObject({ description: expect.stringMatching(/\w/) });
    expect(summary).toMatch(/^[A-Z].*\.$/);
  }
});

test('has no internal ids in its texts', () => {
  const ids = OPERATION_OBJECTS.map(({ operationId }) => operationId).filter((id) => /[A-Z]/.test(id));
  for (const { summary, parameters, responses } of OPERATION_OBJECTS) {
    const texts = [
      summary,
      ...[...parameters, ...Object.values(responses)].map(({ description }) => description),
    ];
    for (const id of ids) expect(texts.join(' ')).not.toContain(id);
  }
});

/** The paths of members without a description, in a schema and in all schemas inside it. */
function undescribed({ properties = {}, items, anyOf = [], oneOf = [] }: JsonSchema, path: string): string[] {
  const own = Object.entries(properties).flatMap(([name, property]) => {
    const member = property as JsonSchema;
    const missing = (member.description ?? '') === '' ? [`${path}.${name}`] : [];
    return [...missing, ...undescribed(member, `${path}.${name}`)];
  });
  const inner = [items ?? [], anyOf, oneOf].flat() as JsonSchema[];
  return [...own, ...inner.flatMap((each) => undescribed(each, `${path}[]`))];
}

test('leaves out bounds that nobody set, and patterns that a format stands for', () => {
  const { createdAt, codeSize } = document.components.schemas.DescribeModelAnswer!.properties as Record<
    string,
    JsonSchema
  >;
  const description = expect.any(String);
  expect(createdAt).toEqual({ description, type: 'string', format: 'date-time' });
  expect(codeSize).toEqual({ description, type: 'integer', minimum: 0 });
  const { k } = jsonSchema(OPERATIONS.similar.body, 'input').properties as Record<string, JsonSchema>;
  expect(k).toMatchObject({ minimum: 1, maximum: 1000, default: 20 });
});
