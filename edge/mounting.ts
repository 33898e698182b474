/** Where the app is mounted: the paths of its routes are below that, and addresses that it hands out contain it. */
import type { Context } from 'hono';
import { getPath } from 'hono/utils/url';
import type { AppEnvironment, Mounting } from './environment.ts';

/** The path that routes are matched with. */
export function localPath(request: Request, options?: { readonly env?: unknown }): string {
  return (options?.env as AppEnvironment['Bindings'] | undefined)?.mounting?.local ?? getPath(request);
}

/** Returns the mount of the app; undefined if it is not mounted in another one. */
export function mountingOf(c: Context): Mounting | undefined {
  return (c as Context<AppEnvironment>).env?.mounting;
}

/**
 * The absolute address of one of the app's own paths.
 *
 * @example
 * addressOf(c, '/problems/wrong-shape'); // 'https://example.com/ml/problems/wrong-shape'
 */
export function addressOf(c: Context, path: string): string {
  return new URL(`${mountingOf(c)?.path ?? ''}${path}`, c.req.url).href;
}
