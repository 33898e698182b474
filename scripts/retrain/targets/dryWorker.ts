import { apiAddress } from '../../worker/apiAddress.ts';
import type { LiveWorker } from '../live.ts';

/** A Worker for dry runs: prints requests instead of sending them, and assumes the right answers. */
export function dryWorker(live: LiveWorker, print: (line: string) => void): LiveWorker {
  return {
    ...live,
    probe: async (operation, { manifest, selector }) => {
      const reference = selector === undefined ? manifest.name : `${manifest.name}@${selector}`;
      print(`would send POST ${apiAddress(live.url, `/v1/models/${reference}/${operation}`)}`);
      return { ms: 0, problem: undefined, version: manifest.version };
    },
    reload: async () => {
      print(`would send POST ${apiAddress(live.url, '/admin/reload')}`);
      return undefined;
    },
    stats: async () => undefined,
    statsRefusal: () => undefined,
  };
}
