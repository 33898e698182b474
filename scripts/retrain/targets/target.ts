import type { VersionedBucket } from '../../store/bucket.ts';
import type { Live } from '../live.ts';
import type { ReleaseName } from '../release/registry.ts';
import type { Release } from '../release/release.ts';

/** Where models are published to, and what serves them. */
export interface Target {
  readonly bucket: VersionedBucket;
  readonly live: Live;
  readonly release: Release;
  close(): Promise<void>;
}

export interface TargetOptions {
  /** Of the Worker. */
  readonly url: string | undefined;
  /** Default: what `RUNTIME` in wrangler.toml can follow. */
  readonly release: ReleaseName | undefined;
  readonly dryRun: boolean;
  /** Whether the Worker is going to be asked; otherwise one is not started. */
  readonly serves: boolean;
  readonly print: (line: string) => void;
}
