/**
 * The path that the app is mounted at: its routes are below it, and the addresses that it returns include it.
 */
import type { Context } from 'hono';
import { getPath } from 'hono/utils/url';
import type { AppEnvironment, Mounting } from './environment.ts';

/** Returns the path that routes are matched against. */
export function localPath(request: Request, options?: { readonly env?: unknown }): string {
  return (options?.env as AppEnvironment['Bindings'] | undefined)?.mounting?.local ?? getPath(request);
}

/** Returns how the app is mounted; undefined if it is not part of another app. */
export function mountingOf(c: Context): Mounting | undefined {
  return (c as Context<AppEnvironment>).env?.mounting;
}

/**
 * Returns the absolute address of one of the app's own paths.
 *
 * @example
 * addressOf(c, '/problems/wrong-shape'); // 'https://example.com/ml/problems/wrong-shape'
 */
export function addressOf(c: Context, path: string): string {
  return new URL(`${mountingOf(c)?.path ?? ''}${path}`, c.req.url).href;
}
