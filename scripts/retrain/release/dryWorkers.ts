/** Wrangler and the API of Workers for dry runs: reads pass through; changes are printed, and appear as if made. */
import { BUNDLED } from '../../worker/bundledRecord.ts';
import type { ReleaseParts } from './registry.ts';
import { type Deployment, shownShares, workersApi } from './workersApi.ts';

/** Id of the version that would be uploaded. */
const UPLOADED = '00000000-0000-4000-8000-000000000000';

export function dryWorkers(print: (line: string) => void): Pick<ReleaseParts, 'wrangler' | 'api'> {
  let record: string | undefined;
  const made: Deployment[] = [];
  return {
    wrangler: async (flags) => {
      print(`would run wrangler ${flags.join(' ')}`);
      record = flags.find((flag) => flag.startsWith(`${BUNDLED}:`))?.slice(BUNDLED.length + 1);
      return JSON.stringify({ type: 'version-upload', version_id: UPLOADED });
    },
    api: (worker) => {
      const api = workersApi(worker);
      return {
        deployments: async () => [...made.toReversed(), ...(await api.deployments())],
        version: async (id) => {
          if (id !== UPLOADED) return api.version(id);
          const [deployed] = await api.deployments();
          const { resources } = (await api.version(deployed!.shares[0]!.id))!;
          const others = resources.bindings.filter(({ name }) => name !== BUNDLED);
          const bindings = [...others, { type: 'plain_text', name: BUNDLED, text: record }];
          return { id, resources: { ...resources, bindings } };
        },
        deploy: async (shares, message) => {
          print(`would deploy ${shownShares(shares)}: ${message}`);
          made.push({ id: `dry-run-${made.length}`, shares });
        },
      };
    },
  };
}
