/**
 * Release of models in a bucket: Workers follow `aliases.json` by themselves, within `ALIASES_TTL_SECONDS`.
 */
import type { LiveWorker } from '../live.ts';
import type { Release } from './release.ts';

export function aliasRelease(live: LiveWorker | undefined): Release {
  return {
    key: (model) => `${model}/aliases.json`,
    ifDamaged: 'Workers that have read it before keep to what it said',
    ifGone: 'Workers find no version in the bucket, and answer with a bundled one or with 404',
    hasShadows: true,
    // Workers serve every version in the bucket under `<model>@<version>`, even if no alias names it.
    prepare: async () => {},
    withdraw: async () => {},
    follow: async () => live?.reload(),
    address: async (_model, version, slot) => ({ selector: slot === 'version' ? version : slot }),
  };
}
