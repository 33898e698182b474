/** What decides which of two versions answers a request, where a share of them goes to the newer one. */

/** The caller's own key, for instance a user's id, so that all of a user's requests are answered by one version. */
export const KEY_HEADER = 'X-Canary-Key';

/** The key of a request: the caller's or, where there is none, its body. */
export function routingKey(headers: Headers, body: Uint8Array): string {
  return headers.get(KEY_HEADER) ?? hashOf(body);
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${hash >>> 0}`;
}
