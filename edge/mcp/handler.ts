/**
 * Messages of the Model Context Protocol over Streamable HTTP, without sessions: each request holds one message
 * and is answered with JSON. Clients of the revision 2026-07-28 and of those of 2025 are answered.
 */
import {
  createMcpHandler,
  isLegacyRequest,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import * as z from 'zod';
import { version } from '../../package.json';
import { didYouMean } from '../../shared/didYouMean.ts';
import type { AppEnvironment } from '../environment.ts';
import { KEY_HEADER } from '../models/canary.ts';
import { ProblemError } from '../problems.ts';
import { JSON_TYPE, requestMediaType } from '../requests/media.ts';
import { parseBody } from '../requests/parseBody.ts';
import { free, readBody } from '../requests/readBody.ts';
import { send } from '../requests/send.ts';
import type { Settings } from '../settings.ts';
import { timed } from '../telemetry/record.ts';
import { callTool } from './callTool.ts';
import { listTools } from './tools.ts';

const INSTRUCTIONS =
  'Machine learning models of latentedge. Each tool is one operation of one model; its description holds what the model was trained on, what its answers mean and how it compares with baselines. Send several rows in one call rather than one call per row.';

/**
 * Answers one message.
 * @throws {ProblemError} for a request that holds no single message, or comes from another origin's page.
 */
export async function handleMessage(
  c: Context<AppEnvironment>,
  origins: Settings['corsOrigins'],
): Promise<Response> {
  assertOrigin(c, origins);
  requestMediaType(c.req.raw.headers, [JSON_TYPE]);
  const bytes = await timed(c.var.record, 'receive', () => readBody(c.req.raw, c.var));
  const parsedBody = timed(c.var.record, 'parse', () => parseBody(z.unknown(), bytes));
  free(bytes);
  // A batch would be many calls that the rate limit counts as one; the protocol has none since 2025-06-18.
  if (Array.isArray(parsedBody)) {
    const detail = 'A request holds one JSON-RPC message; received a batch.';
    throw new ProblemError('invalid-body', { detail, expected: 'one message', received: 'a batch' });
  }
  const response = await ((await isLegacyRequest(c.req.raw, parsedBody)) ? answerLegacy : answerModern)(
    c,
    parsedBody,
  );
  if (response.status !== 200) return response;
  return send(c, await response.text(), Object.fromEntries(response.headers));
}

/** Answers clients of 2026-07-28 and later. */
function answerModern(c: Context<AppEnvironment>, parsedBody: unknown): Promise<Response> {
  // There are no notifications: each client would hold a stream open for them.
  const handler = createMcpHandler(() => serverOf(c), { legacy: 'reject', maxSubscriptions: 0 });
  return handler.fetch(c.req.raw, { parsedBody });
}

/** Answers clients of the revisions before, whose requests do not carry who they are. */
async function answerLegacy(c: Context<AppEnvironment>, parsedBody: unknown): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = serverOf(c);
  await server.connect(transport);
  try {
    return await transport.handleRequest(c.req.raw, { parsedBody });
  } finally {
    await server.close();
  }
}

function serverOf(c: Context<AppEnvironment>): Server {
  const server = new Server(
    { name: 'latentedge', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', async () => ({
    tools: (await listTools(c.var.models)).map(({ tool }) => tool),
  }));
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args = {} } }) => {
    const tools = await listTools(c.var.models);
    const called = tools.find(({ tool }) => tool.name === name);
    if (called === undefined)
      throw unknownTool(
        name,
        tools.map(({ tool }) => tool.name),
      );
    return callTool(c.var, called, args, c.req.header(KEY_HEADER) ?? null);
  });
  return server;
}

function unknownTool(name: string, offered: readonly string[]): ProtocolError {
  const shown = JSON.stringify(name.slice(0, 80));
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no tool ${shown}${didYouMean(name.slice(0, 80), offered)}; tools/list lists those of this Worker.`,
  );
}

/**
 * Refuses pages of other origins, as the protocol demands: a page could use a Worker on the machine of who
 * looks at it.
 */
function assertOrigin(c: Context<AppEnvironment>, origins: Settings['corsOrigins']): void {
  const origin = c.req.header('Origin');
  if (origin === undefined || origins === '*' || origins.includes(origin)) return;
  if (origin === new URL(c.req.url).origin) return;
  const detail = `Pages of ${JSON.stringify(origin.slice(0, 200))} may not use /mcp; the variable CORS_ORIGINS lists those that may.`;
  throw new ProblemError('forbidden', { detail });
}
