/** A typed client for the API: paths, bodies and answers are checked by TypeScript, nothing is generated. */
import { type ClientRequestOptions, hc } from 'hono/client';
import type { AppType } from './app.ts';

/**
 * A client for the Worker at `baseUrl`.
 *
 * @example
 * import { createClient } from 'latentedge/client';
 *
 * const client = createClient('https://latentedge.example.workers.dev');
 * const response = await client.v1.models[':model'].encode.$post({
 *   param: { model: 'digits' }, // or 'digits@0a1b2c3d4e5f'
 *   json: { rows: [pixels] },
 * });
 * if (!response.ok) throw new Error((await response.json()).detail);
 * const { codes } = await response.json();
 */
export function createClient(baseUrl: string, options?: ClientRequestOptions) {
  return hc<AppType>(baseUrl, options);
}
