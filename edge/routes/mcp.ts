/** The Model Context Protocol, at `/mcp`. */
import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import type { Settings } from '../settings.ts';

/**
 * Creates the route `POST /mcp`. What answers is loaded by the first request, not when the Worker starts.
 *
 * @example
 * if (settings.mcp) app.route('/', mcp(settings));
 */
export function mcp(settings: Pick<Settings, 'corsOrigins'>): Hono<AppEnvironment> {
  return new Hono<AppEnvironment>().post('/mcp', async (c) => {
    const { handleMessage } = await import('../mcp/handler.ts');
    return handleMessage(c, settings.corsOrigins);
  });
}
