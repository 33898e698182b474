/** The Model Context Protocol, at `/mcp`. */
import { Hono } from 'hono';
import type { AppEnvironment, Services } from '../environment.ts';
import { ProblemError } from '../problems.ts';

/** The way to turn it on. */
const TURN_ON =
  'set MCP = "on" under [vars] in wrangler.toml, and serve or deploy the Worker again (in a Worker of your own, also pass mcp: true to latentedge())';

/**
 * Creates the route `POST /mcp`. What answers is loaded by the first request, not when the Worker starts. Where it
 * is off, or was when the Worker was built, every request is answered with the reason.
 *
 * @example
 * app.route('/', mcp(services));
 */
export function mcp({ mcp: load, settings }: Pick<Services, 'mcp' | 'settings'>): Hono<AppEnvironment> {
  const app = new Hono<AppEnvironment>();
  if (settings.mcp && load) {
    return app.post('/mcp', async (c) => {
      const handle = await load();
      return handle(c, settings.corsOrigins);
    });
  }
  const reason = settings.mcp
    ? 'The variable MCP is on, but this Worker was built with MCP off, without the code that answers here'
    : 'The Model Context Protocol is off in this Worker';
  const detail = `${reason}: ${TURN_ON}.`;
  return app.all('/mcp', ({ req: { path } }) => {
    throw new ProblemError('unknown-path', { detail, received: path });
  });
}
