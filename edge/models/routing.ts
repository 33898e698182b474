/** What decides which of two versions answers a request, where a share of them goes to the newer one. */
import { fnv1a } from '../../shared/hash.ts';

/** The caller's own key, for instance a user's id, so that all of a user's requests are answered by one version. */
export const KEY_HEADER = 'X-Canary-Key';

/** The key of a request: the caller's or, where there is none, its body. */
export function routingKey(headers: Headers, body: Uint8Array): string {
  return headers.get(KEY_HEADER) ?? `${fnv1a(body)}`;
}
