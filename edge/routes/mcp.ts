/** The Model Context Protocol, at `/mcp`. */
import { Hono } from 'hono';
import type { AppEnvironment, McpHandler } from '../environment.ts';
import type { Settings } from '../settings.ts';

/**
 * Creates the route `POST /mcp`. What answers is loaded by the first request, not when the Worker starts.
 *
 * @example
 * if (settings.mcp && services.mcp) app.route('/', mcp(services.mcp, settings));
 */
export function mcp(
  load: () => Promise<McpHandler>,
  { corsOrigins }: Pick<Settings, 'corsOrigins'>,
): Hono<AppEnvironment> {
  return new Hono<AppEnvironment>().post('/mcp', async (c) => {
    const handle = await load();
    return handle(c, corsOrigins);
  });
}
