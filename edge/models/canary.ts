/** Canary routing: a share of the requests is answered by a newer version. */
import { fnv1a } from '../../shared/hash.ts';

/**
 * True if a key belongs to the canary's share of a model's requests. A key that belongs to it at one
 * percentage does so at every higher one, so callers keep the new version while its share grows.
 *
 * @param percentage Percentage of all keys, in [0, 100].
 */
export function isInShare(model: string, key: string, percentage: number): boolean {
  return (hash32(`${model}\n${key}`) / 2 ** 32) * 100 < percentage;
}

/**
 * FNV-1a over UTF-8, then the finalizer of MurmurHash3; without it, keys that differ only at the end hash
 * close together.
 */
function hash32(text: string): number {
  let hash = fnv1a(new TextEncoder().encode(text));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A key chosen by the caller, for instance a user's id, so that one version answers all requests of a user.
 */
export const KEY_HEADER = 'X-Canary-Key';

/** Returns the routing key of a request: the caller's key or, without one, a hash of the body. */
export function routingKey(headers: Headers, body: Uint8Array): string {
  return headers.get(KEY_HEADER) ?? `${fnv1a(body)}`;
}
