/** Models of a bucket: Workers follow `aliases.json` by themselves, within `ALIASES_TTL_SECONDS`. */
import type { Live } from '../live.ts';
import type { Release } from './release.ts';

export function aliasRelease(live: Live | undefined): Release {
  return {
    key: (model) => `${model}/aliases.json`,
    // A version that no alias names is served by its own name, too.
    prepare: async () => {},
    follow: async () => {
      await live?.reload();
    },
    asked: async (_model, version, slot) => ({ selector: slot === 'version' ? version : slot }),
  };
}
