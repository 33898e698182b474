/** The Model Context Protocol, by the client of its own package, of the current revision and of those before. */
import type { Client } from '@modelcontextprotocol/client';
import Ajv2020 from 'ajv/dist/2020.js';
import { decode, encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedPerson } from '../support/artifacts/columnsArtifact.ts';
import { NEW_SCALE, NEW_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, expectedRows } from '../support/artifacts/linearArtifact.ts';
import { API_KEYS, withKey } from '../support/edge/apiKeys.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { blocksOf, connectedClient, ERAS, jsonOf, mcpClient } from '../support/edge/mcpClient.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from '../support/edge/operationCases.ts';
import { expectNear } from '../support/training/near.ts';

const worker = edgeWorker({ MCP: 'on' });
const guarded = edgeWorker({ MCP: 'on', API_KEYS, MAX_ROWS: '4' });
const NAMES = [...'abcdef'];

/** Rows of numbers as the protocol answers those of `linear`. */
const named = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => Object.fromEntries(NAMES.map((name, i) => [name, row[i]])));
const byName = (body: object) => ('rows' in body ? { ...body, rows: named(body.rows as number[][]) } : body);

const BOTH = Object.keys(ERAS) as (keyof typeof ERAS)[];

describe.each(BOTH)('a client with the revision: %s', (era) => {
  test('lists the operations of the version that answers, and the same again', async () => {
    const client = await mcpClient(worker.url, era);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(names.filter((name) => name.startsWith('encode-only_'))).toEqual(['encode-only_encode']);
    expect((await client.listTools()).tools).toEqual(tools);
    const described = tools.find(({ name }) => name === 'linear_score')!;
    expect(described.description).toContain(`version ${NEW_VERSION}`);
    expect(described.description).toMatch(/Rows above .* are anomalies/);
  });

  test.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s, by position and by name', async (name) => {
    const { sends, inputWidth, body } = ROWS_CASES[name];
    const rows = exampleRows(3, inputWidth, name.length);
    const client = await mcpClient(worker.url, era);
    const call = async (given: unknown) =>
      jsonOf(await client.callTool({ name: `linear_${name}`, arguments: { [sends]: given } }));
    const expected = { model: 'linear', version: NEW_VERSION, ...byName(body(rows, NEW_SCALE)) };
    expectNear(await call(rows), expected);
    if (sends === 'rows') expectNear(await call(named(rows)), expected);
  });

  test.each(Object.keys(BODY_CASES) as BodyOperationName[])('%s', async (name) => {
    const client = await mcpClient(worker.url, era);
    for (const [, model, body, expected] of BODY_CASES[name]) {
      const result = await client.callTool({
        name: `${model}_${name}`,
        arguments: body as Record<string, unknown>,
      });
      const { model: _, version: __, ...own } = jsonOf(result);
      expectNear(own, model === 'linear' ? byName(expected) : plain(own, expected));
    }
  });
});

/** What `conditional` answers by name, by position. */
function plain(received: object, expected: object): object {
  const rows = (received as { rows?: readonly object[] }).rows;
  if (rows === undefined || Array.isArray(rows[0])) return expected;
  const names = Object.keys(rows[0]!);
  const listed = (expected as { rows: readonly (readonly number[])[] }).rows;
  return {
    ...expected,
    rows: listed.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
  };
}

describe.each(BOTH)('structured content, with the revision: %s', (era) => {
  let client: Client;
  /** By the name of the tool. */
  let schemas: Map<string, object | undefined>;
  beforeAll(async () => {
    client = await connectedClient(worker.url, era);
    const { tools } = await client.listTools();
    schemas = new Map(tools.map((tool) => [tool.name, tool.outputSchema]));
  });
  afterAll(() => client.close());

  /** Calls a tool, and holds its structured content against the schema that the tool is listed with. */
  async function structured(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const result = await client.callTool({ name, arguments: args });
    const { structuredContent } = result;
    expect([name, structuredContent]).toEqual([name, jsonOf(result)]);
    const check = new Ajv2020({ strict: false }).compile(schemas.get(name)!);
    expect([name, check(structuredContent), check.errors]).toEqual([name, true, null]);
    // It says more than that there is an object.
    expect(check({ ...(structuredContent as object), more: 1 })).toBe(false);
    return structuredContent as Record<string, unknown>;
  }

  test.each(Object.entries(ROWS_CASES))('%s', async (name, { sends, inputWidth }) => {
    await structured(`linear_${name}`, { [sends]: exampleRows(3, inputWidth) });
  });

  test.each(Object.entries(BODY_CASES))('%s', async (name, cases) => {
    for (const [, model, body] of cases)
      await structured(`${model}_${name}`, body as Record<string, unknown>);
  });

  test('of rows without an answer, and of categories that training did not see', async () => {
    const rows = [
      { city: 'Oslo', height: 1, member: true },
      { height: null, member: true },
    ];
    expect(await structured('columns_score', { rows })).toMatchObject({
      scores: [{ contributions: expect.any(Array) }, null],
      problems: [{ problem: 'missing-feature', row: 1 }],
      unseen: [{ row: 0, feature: 'city', value: 'Oslo' }],
    });
  });

  test('of images, which follow it', async () => {
    const rows = [[0, 0.2, 0.4, 0.6, 0.8, 1]];
    expect(await structured('images_reconstruct', { rows })).toMatchObject({ images: ['image/png'] });
  });
});

describe('arguments', () => {
  test('have units, ranges and categories, and what may be left out', async () => {
    const client = await mcpClient(worker.url);
    const { tools } = await client.listTools();
    const schemaOf = (name: string) => tools.find((tool) => tool.name === name)!.inputSchema;
    const { rows } = schemaOf('columns_encode').properties as Record<string, { items: object }>;
    expect(rows!.items).toMatchObject({
      type: 'object',
      required: ['height', 'member'],
      properties: {
        age: { type: ['number', 'null'] },
        city: { description: expect.stringContaining('"Berlin", "Paris", "Rome"') },
        height: { type: 'number' },
        member: { type: 'boolean' },
      },
    });
    expect(schemaOf('linear_score').properties).toMatchObject({
      top: { type: 'integer', maximum: 100 },
      threshold: { type: 'number', minimum: 0 },
    });
    expect(schemaOf('linear_decode').properties).toMatchObject({ codes: { items: { minItems: 2 } } });
  });

  test('of every tool are a schema of JSON Schema, which takes what the tool takes', async () => {
    const client = await mcpClient(worker.url);
    const { tools } = await client.listTools();
    const ajv = new Ajv2020({ strict: false });
    const checks = new Map(tools.map(({ name, inputSchema }) => [name, ajv.compile(inputSchema)]));
    for (const [name, { sends, inputWidth }] of Object.entries(ROWS_CASES)) {
      const check = checks.get(`linear_${name}`)!;
      const rows = exampleRows(2, inputWidth);
      expect([name, check({ [sends]: sends === 'rows' ? named(rows) : rows })]).toEqual([name, true]);
      expect([name, check({ [sends]: [[1]] })]).toEqual([name, false]);
    }
    for (const [name, cases] of Object.entries(BODY_CASES))
      for (const [what, model, body] of cases) {
        const check = checks.get(`${model}_${name}`)!;
        expect([name, what, check(byName(body))]).toEqual([name, what, true]);
      }
  });

  test('by column name, with categories', async () => {
    const client = await mcpClient(worker.url);
    const people = [
      { age: 30, city: 'Rome', height: 1.5, member: true },
      { height: 2, member: false },
    ];
    const result = await client.callTool({ name: 'columns_encode', arguments: { rows: people } });
    expectNear(jsonOf(result).codes, people.map(expectedPerson));
  });

  test.each([
    ['none', undefined, 'expected an array of rows'],
    ['a row that is too short', { rows: [[1, 2]] }, '6 values'],
    ['an unknown feature', { rows: [{ ...named([[1, 2, 3, 4, 5, 6]])[0], g: 1 }] }, '"g"'],
    ['no rows', { rows: [] }, 'at least one row'],
    ['an unknown argument', { rows: exampleRows(1, 6), threshhold: 1 }, 'threshhold'],
    ['a wrong option', { rows: exampleRows(1, 6), top: 1000 }, 'top'],
    ['an image of something else', { image: 'AAAA' }, 'not images'],
    ['both', { image: 'AAAA', rows: exampleRows(1, 6) }, 'not both'],
  ])('wrong ones are explained: %s', async (_, args, reason) => {
    const client = await mcpClient(worker.url);
    const result = await client.callTool({ name: 'linear_score', ...(args && { arguments: args }) });
    expect(result.isError).toBe(true);
    expect(blocksOf(result)[0]!.text).toContain(reason);
    expect(blocksOf(result)[0]!.text).not.toMatch(/\bat [\w.]+ \(|\.[jt]s:\d|Error:/);
  });

  test('a row that cannot be answered does not keep the others from their answers', async () => {
    const client = await mcpClient(worker.url);
    const [row] = exampleRows(1, 6);
    const result = await client.callTool({ name: 'linear_encode', arguments: { rows: [row, [1]] } });
    const { codes, problems } = jsonOf(result);
    expectNear(codes, [expectedCodes([row!], NEW_SCALE)[0], null]);
    expect(problems).toMatchObject([{ problem: 'wrong-shape', row: 1 }]);
  });

  test('a misspelt tool is named', async () => {
    const client = await mcpClient(worker.url);
    await expect(client.callTool({ name: 'linear_scor' })).rejects.toThrow("did you mean 'linear_score'?");
  });
});

describe('images', () => {
  const pixels = [0, 51, 102, 153, 204, 255];
  const png = encode({ width: 3, height: 2, channels: 1, data: Uint8Array.from(pixels) });
  const image = Buffer.from(png).toString('base64');
  const codes = expectedCodes([pixels.map((value) => value / 255)]);

  test('are taken', async () => {
    const client = await mcpClient(worker.url);
    for (const given of [image, `data:image/png;base64,${image}`]) {
      const result = await client.callTool({ name: 'images_encode', arguments: { image: given } });
      expectNear(jsonOf(result).codes, codes);
    }
  });

  test('do not hide an argument that is misspelt', async () => {
    const client = await mcpClient(worker.url);
    const args = { image, threshhold: 1 };
    const result = await client.callTool({ name: 'images_score', arguments: args });
    expect([result.isError, blocksOf(result)[0]!.text]).toEqual([
      true,
      expect.stringContaining('threshhold'),
    ]);
  });

  test('are answered', async () => {
    const client = await mcpClient(worker.url);
    const result = await client.callTool({ name: 'images_reconstruct', arguments: { image } });
    const [text, first, ...others] = blocksOf(result);
    expect(JSON.parse(text!.text!)).toMatchObject({ model: 'images', images: ['image/png'] });
    expect([first!.type, first!.mimeType, others]).toEqual(['image', 'image/png', []]);
    const { width, height, data } = decode(Buffer.from(first!.data!, 'base64'));
    expect([width, height]).toEqual([3, 2]);
    const expected = expectedRows(codes)[0]!.map((value) => Math.min(255, Math.max(0, value * 255)));
    for (const [i, value] of expected.entries()) expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(0.51);
  });

  test.each([
    ['another size', Buffer.from(encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }))],
    ['no PNG', Buffer.from('no image')],
  ])('that cannot be used are explained: %s', async (_, bytes) => {
    const client = await mcpClient(worker.url);
    const args = { image: bytes.toString('base64') };
    const result = await client.callTool({ name: 'images_encode', arguments: args });
    expect([result.isError, blocksOf(result)[0]!.text]).toEqual([
      true,
      expect.stringContaining('unsupported-image'),
    ]);
  });
});

describe('protection', () => {
  test('the scope and the key of HTTP', async () => {
    const client = await mcpClient(guarded.url, 'current', withKey('infer'));
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    for (const headers of [{}, { 'X-API-Key': 'wrong' }, withKey('admin')] as Record<string, string>[])
      await expect(mcpClient(guarded.url, 'current', headers)).rejects.toThrow();
    await expectProblem(await guarded.post('/mcp', LIST), 'unauthorized');
    await expectProblem(await guarded.post('/mcp', LIST, withKey('admin')), 'forbidden');
  });

  test('the limits of HTTP', async () => {
    const client = await mcpClient(guarded.url, 'current', withKey('infer'));
    const result = await client.callTool({
      name: 'linear_encode',
      arguments: { rows: exampleRows(5, 6) },
    });
    expect(blocksOf(result)[0]!.text).toContain('up to 4 rows');
    const sampled = await client.callTool({ name: 'linear_sample', arguments: { n: 5 } });
    expect(sampled.isError).toBe(true);
  });

  test('calls are counted and logged as others are', async () => {
    const client = await mcpClient(guarded.url, 'current', withKey('infer'));
    await client.callTool({ name: 'linear_encode', arguments: { rows: exampleRows(2, 6) } });
    const metrics = await (await guarded.request('/metrics', { headers: withKey('admin') })).text();
    expect(metrics).toMatch(/operation="encode"/);
    await expect
      .poll(() => guarded.logs.some((line) => line.includes('"/mcp"') && line.includes('"encode"')))
      .toBe(true);
  });

  test('a call that its client gives up leaves nothing behind', async () => {
    const client = await mcpClient(worker.url);
    const rows = exampleRows(1024, 6);
    const calls = Array.from({ length: 8 }, async () => {
      const controller = new AbortController();
      const call = client.callTool(
        { name: 'linear_reconstruct', arguments: { rows } },
        { signal: controller.signal },
      );
      setTimeout(() => controller.abort('enough'), 5);
      return call.then(
        () => 'answered',
        () => 'given up',
      );
    });
    expect(await Promise.all(calls)).toContain('given up');
    const result = await client.callTool({ name: 'linear_encode', arguments: { rows: rows.slice(0, 1) } });
    expectNear(jsonOf(result).codes, expectedCodes(rows.slice(0, 1), NEW_SCALE));
  });

  test("pages of other origins are refused, the Worker's own are not", async () => {
    await expectProblem(await worker.post('/mcp', LIST, { Origin: 'https://evil.example' }), 'forbidden');
    const own = await worker.post('/mcp', LIST, { ...ACCEPT, Origin: worker.url.origin });
    expect(own.status).toBe(200);
    await own.text();
  });
});

const ACCEPT = { Accept: 'application/json, text/event-stream' };
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

describe('hostile messages', () => {
  test.each([
    ['no JSON', '{', 400, 'malformed-json'],
    ['a batch', [LIST, LIST], 422, 'batch'],
    ['an empty batch', [], 422, 'batch'],
    ['a deep one', `${'['.repeat(100)}${']'.repeat(100)}`, 422, 'levels'],
  ])('%s', async (_, message, status, reason) => {
    const response = await worker.post('/mcp', message, ACCEPT);
    expect([await response.text(), response.status]).toEqual([expect.stringContaining(reason), status]);
  });

  test.each([
    ['null', 'null'],
    ['text', '"tools/list"'],
    ['no version', { id: 1, method: 'tools/list' }],
    ['an unknown method', { ...LIST, method: 'tools/steal' }],
    ['a method of everything', { ...LIST, method: '__proto__' }],
    ['an id that is an object', { ...LIST, id: {} }],
    ['an id that is no number', `{"jsonrpc":"2.0","id":1e999,"method":"tools/list"}`],
    [
      'arguments that are a list',
      { ...LIST, method: 'tools/call', params: { name: 'linear_encode', arguments: [] } },
    ],
    ['no name', { ...LIST, method: 'tools/call', params: {} }],
    ['a name of everything', { ...LIST, method: 'tools/call', params: { name: 'constructor' } }],
  ])('are refused in the form of JSON-RPC: %s', async (_, message) => {
    const response = await worker.post('/mcp', message, ACCEPT);
    const text = await response.text();
    expect(response.status).toBeLessThan(500);
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
    expect(text).not.toMatch(/\bat [\w.]+ \(|\.[jt]s:\d/);
  });

  test('a huge id comes back as it is', async () => {
    const id = 'i'.repeat(100_000);
    const response = await worker.post('/mcp', { ...LIST, id }, ACCEPT);
    expect(((await response.json()) as { id: string }).id).toBe(id);
  });

  test.each(['GET', 'DELETE', 'PUT'])('%s is not answered', async (method) => {
    const response = await worker.request('/mcp', { method, headers: ACCEPT });
    await expectProblem(response, 'method-not-allowed');
  });

  test('another media type is not read', async () => {
    const response = await worker.post('/mcp', LIST, { ...ACCEPT, 'Content-Type': 'text/plain' });
    await expectProblem(response, 'unsupported-media-type');
  });
});
