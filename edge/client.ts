/** The typed client of the API: TypeScript checks paths, bodies and answers, without generated code. */
import { type ClientRequestOptions, hc } from 'hono/client';
import type { AppType } from './app.ts';

/**
 * Creates a client for the Worker at `baseUrl`.
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
