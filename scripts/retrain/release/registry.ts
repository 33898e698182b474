/** Kinds of release, by the name that `--release` takes. */

import type { ModelBucket } from '../../store/bucket.ts';
import type { ApiAccess } from '../../worker/budget/measureBudget.ts';
import type { LiveWorker } from '../live.ts';
import { aliasRelease } from './aliases.ts';
import type { Release } from './release.ts';
import type { WorkersApi } from './workersApi.ts';
import type { RunWrangler } from './wrangler.ts';

export interface ReleaseParts {
  readonly bucket: ModelBucket;
  /** Undefined if the Worker is not going to be queried. */
  readonly live: LiveWorker | undefined;
  readonly wrangler: RunWrangler;
  readonly api: (worker: string) => WorkersApi;
  readonly replaceCode: boolean;
  /** The API of a version of the Worker that runs on this machine. */
  readonly access: ApiAccess;
}

interface ReleaseKind {
  readonly summary: string;
  readonly create: (parts: ReleaseParts) => Promise<Release>;
}

export const RELEASES = {
  aliases: {
    summary: 'for models in the bucket',
    create: async ({ live }) => aliasRelease(live),
  },
  versions: {
    summary: 'for models bundled with the Worker',
    create: async (parts) => (await import('./versions.ts')).versionsRelease(parts),
  },
} as const satisfies Record<string, ReleaseKind>;

export type ReleaseName = keyof typeof RELEASES;
export const RELEASE_NAMES = Object.keys(RELEASES) as ReleaseName[];
