import type { ModelBucket } from '../../store/bucket.ts';
import type { AnswersSource, AnswersSourceName } from '../canary/answersSource.ts';
import type { LiveWorker } from '../live.ts';
import type { ReleaseName } from '../release/registry.ts';
import type { Release } from '../release/release.ts';
import type { PromotedHere } from './promotedHere.ts';

/** An environment: the bucket that models are published to, and the Worker that serves them. */
export interface Target {
  /** The name that `--target` takes. */
  readonly name: string;
  /** The value of `--release`; undefined if it was not given. */
  readonly givenRelease?: ReleaseName;
  readonly bucket: ModelBucket;
  /** Opens the bucket of logged rows. @throws {InputError} if the Worker has none. */
  readonly rows: () => Promise<ModelBucket>;
  readonly live: LiveWorker;
  readonly release: Release;
  /** True if its Worker runs each version in a frozen isolate of its own, for which the version must be frozen. */
  readonly hasIsolates?: boolean;
  /** Counts the answers of a model to clients from now on. Default: by the statistics of `live`. */
  readonly answers?: (model: string) => Promise<AnswersSource>;
  /** File of the ends of runs that could not be recorded. Default: `artifacts/.unrecorded.jsonl`. */
  readonly notes?: string;
  /** Notes of what was promoted, outside of the store; undefined if none are kept. */
  readonly promotedHere?: PromotedHere;
  /** Opens a copy of a store that does not answer any more, to read it; only of one on this machine. */
  readonly copied?: () => Promise<Target>;
  /** The place of the store, if that does not exist; only of one on this machine that is only read. */
  readonly missing?: string;
  close(): Promise<void>;
}

export interface TargetOptions {
  /** URL of the Worker. Default: depends on the target. */
  readonly url: string | undefined;
  /** Default: `versions` if `RUNTIME` in wrangler.toml is `frozen`, otherwise `aliases`. */
  readonly release: ReleaseName | undefined;
  /** With `versions`: true to build with the code and settings of this folder, even if others are deployed. */
  readonly replaceCode: boolean;
  readonly dryRun: boolean;
  /** Where answers to clients are counted. Default: `stats`. */
  readonly answersFrom?: AnswersSourceName;
  /** Seconds for which a request to the account's bucket is repeated while that fails. */
  readonly storeSeconds?: number;
  /** True if the Worker is going to be queried, and must therefore exist. */
  readonly serves: boolean;
  /** True if nothing is changed: a store on a disk that takes no writes can be read all the same. */
  readonly reads?: boolean;
  /** True if a store on this machine that does not exist is made. Default: unless it is only read. */
  readonly makes?: boolean;
  readonly print: (line: string) => void;
}
