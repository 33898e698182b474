/**
 * Returns the address of one of the API's paths, below the address of the API, which a Worker may mount at a
 * path of its own.
 *
 * @example
 * apiAddress('https://example.com/ml', '/v1/models'); // https://example.com/ml/v1/models
 */
export function apiAddress(base: string | URL, path: string): URL {
  return new URL(`${`${base}`.replace(/\/$/, '')}${path}`);
}
