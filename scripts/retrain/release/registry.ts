/** How `--release` can have versions answer. */

import type { VersionedBucket } from '../../store/bucket.ts';
import type { Live } from '../live.ts';
import { aliasRelease } from './aliases.ts';
import type { Release } from './release.ts';
import { versionsRelease } from './versions.ts';
import type { RunWrangler } from './wrangler.ts';

export interface ReleaseParts {
  readonly bucket: VersionedBucket;
  /** Undefined where nobody is going to be asked. */
  readonly live: Live | undefined;
  readonly wrangler: RunWrangler;
}

export const RELEASES = {
  /** Models of the bucket, for Workers that load them. */
  aliases: ({ live }) => aliasRelease(live),
  /** Models that are bundled, as versions of the Worker. */
  versions: ({ bucket, wrangler }) => versionsRelease(bucket, wrangler),
} as const satisfies Record<string, (parts: ReleaseParts) => Release>;

export type ReleaseName = keyof typeof RELEASES;
export const RELEASE_NAMES = Object.keys(RELEASES) as ReleaseName[];
