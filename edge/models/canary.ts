/** Which of two versions answers a request when a share of the requests goes to the newer one. */
import { fnv1a } from '../../shared/hash.ts';

/**
 * Whether a key belongs to the canary's share of a model's requests. A key that does at one percentage does at every higher
 * one: whoever got the new version keeps it while its share grows.
 *
 * @param percentage Of all keys, in [0, 100].
 */
export function isInShare(model: string, key: string, percentage: number): boolean {
  return (hash32(`${model}\n${key}`) / 2 ** 32) * 100 < percentage;
}

/** FNV-1a over UTF-8, then the finalizer of MurmurHash3, without which keys that differ in their end stay close together. */
function hash32(text: string): number {
  let hash = fnv1a(new TextEncoder().encode(text));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The caller's own key, for instance a user's id, so that all of a user's requests are answered by one version. */
export const KEY_HEADER = 'X-Canary-Key';

/** The key of a request: the caller's or, where there is none, its body. */
export function routingKey(headers: Headers, body: Uint8Array): string {
  return headers.get(KEY_HEADER) ?? `${fnv1a(body)}`;
}
