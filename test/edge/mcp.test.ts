/** The Model Context Protocol where it is off, and the names of its tools. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { toolName } from '../../edge/mcp/toolNames.ts';
import { OperationName } from '../../shared/manifest.ts';
import { capturedLogs, edgeApp } from '../support/edge/edgeApp.ts';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

function list(variables: Readonly<Record<string, string>>): Response | Promise<Response> {
  return edgeApp({ OPEN: 'true', LOG: 'problems', ...variables }).request('/mcp', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
    body: JSON.stringify(LIST),
  });
}

test('is off by default, and on with a variable', async () => {
  capturedLogs();
  expect((await list({})).status).toBe(404);
  expect((await list({ MCP: 'off' })).status).toBe(404);
  const { result } = (await (await list({ MCP: 'on' })).json()) as { result: { tools: { name: string }[] } };
  expect(result.tools.map(({ name }) => name)).toContain('linear_encode');
  expect(() => list({ MCP: 'yes' })).toThrow('MCP');
});

test.each([
  [
    { MCP: 'on' },
    {},
    /^The variable MCP is on, but this Worker was built with MCP off.*set MCP = "on" under \[vars\]/,
  ],
  [{ MCP: 'off' }, undefined, /^The Model Context Protocol is off.*set MCP = "on" under \[vars\]/],
])('%j, built with %j: the answer names the cause and the fix', async (variables, built, detail) => {
  capturedLogs();
  const app = edgeApp({ OPEN: 'true', LOG: 'problems', ...variables }, {}, built);
  for (const method of ['GET', 'POST']) {
    const response = await app.request('/mcp', { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) });
  }
});

test('a Worker without it has none of its code', async () => {
  const code = ({ directory }: { directory: string }) => readFile(join(directory, 'index.js'), 'utf8');
  const [whole, without] = await Promise.all([code(inject('build')), code(inject('poorBuild'))]);
  expect([whole.includes('tools/call'), without.includes('tools/call')]).toEqual([true, false]);
});

describe('names of tools', () => {
  test('are those of model and operation', () => {
    expect(toolName('orders', 'score')).toBe('orders_score');
  });

  test.each(OperationName.options)('are distinct, valid and stable for long names: %s', (operation) => {
    const models = ['a', 'b', 'ab'].map((end) => `${'very-long-'.repeat(9)}${end}`);
    const names = models.map((model) => toolName(model, operation));
    expect(new Set(names).size).toBe(models.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(models.map((model) => toolName(model, operation))).toEqual(names);
  });

  test('keep to 64 characters as soon as they must', () => {
    expect(toolName('m'.repeat(57), 'encode')).toBe(`${'m'.repeat(57)}_encode`);
    expect(toolName('m'.repeat(58), 'encode')).toMatch(/^m+_[0-9a-f]{8}_encode$/);
  });
});
