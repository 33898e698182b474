import type { Live } from '../live.ts';

/** Asks nothing: says what it would, and takes it for answered as it should be. */
export function dryLive(live: Live, print: (line: string) => void): Live {
  return {
    ...live,
    probe: async (operation, { manifest, selector }) => {
      const reference = selector === undefined ? manifest.name : `${manifest.name}@${selector}`;
      print(`would ask POST ${new URL(`/v1/models/${reference}/${operation}`, live.url)}`);
      return { ms: 0, problem: undefined, version: manifest.version };
    },
    reload: async () => print(`would ask POST ${new URL('/admin/reload', live.url)}`),
    stats: async () => undefined,
  };
}
