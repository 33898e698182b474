/** Making API keys. */
import { createHash, randomBytes } from 'node:crypto';
import type { Scope } from '../../edge/access.ts';
import type { ApiKey } from '../../edge/settings.ts';

/** Random bytes of a key. 256 bits cannot be guessed, so a plain hash protects them as well as a slow one. */
const BYTES = 32;

/** Returns a new key, and the entry by which a Worker recognizes it. */
export function newKey(name: string, scopes: readonly Scope[]): { key: string; entry: ApiKey } {
  const key = `le_${randomBytes(BYTES).toString('base64url')}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  return { key, entry: { name, sha256, scopes: [...new Set(scopes)] } };
}
