/** API keys for Workers under test. */
import { createHash } from 'node:crypto';
import { SCOPES } from '../../../edge/access.ts';
import type { ApiKey } from '../../../edge/settings.ts';
import { newKey } from '../../../scripts/worker/newKey.ts';

/** By what they may do; `spare` is for using up its rate limit. */
export const KEYS = {
  infer: 'le_infer-key-of-the-tests',
  admin: 'le_admin-key-of-the-tests',
  both: 'le_both-key-of-the-tests',
  spare: 'le_spare-key-of-the-tests',
} as const;

export const SCOPES_OF: Record<keyof typeof KEYS, ApiKey['scopes']> = {
  infer: ['infer'],
  admin: ['admin'],
  both: ['infer', 'admin'],
  spare: ['infer'],
};

/** The variable `API_KEYS` that lets them in. */
export const API_KEYS = JSON.stringify(
  Object.entries(SCOPES_OF).map(([name, scopes]) => ({
    name,
    sha256: createHash('sha256')
      .update(KEYS[name as keyof typeof KEYS])
      .digest('hex'),
    scopes,
  })),
);

/** A key of a Worker without others, as `npm run serve` makes one; `LOCAL` is the variable. */
export const LOCAL_KEY = newKey('local', SCOPES);
export const LOCAL = { LOCAL_KEY: JSON.stringify(LOCAL_KEY.entry) };

export function withKey(name: keyof typeof KEYS): { Authorization: string } {
  return { Authorization: `Bearer ${KEYS[name]}` };
}
