import type { Aliases } from '../../../shared/aliases.ts';
import type { StoredArtifact } from '../stored.ts';

/** Position in which a version is addressed: by its own name, or by an alias. */
export type Slot = 'version' | 'canary' | 'production';

/**
 * The mechanism by which versions come to answer requests. The aliases are written first, so that everything
 * after can be repeated.
 */
export interface Release {
  /** Returns the key of the object that holds the aliases of a model. */
  readonly key: (model: string) => string;
  /** The effect on clients while that object is damaged, for people. */
  readonly ifDamaged: string;
  /** The same while it is gone. */
  readonly ifGone: string;
  /** True if its Workers can run a shadow next to the version in production. */
  readonly hasShadows: boolean;
  /** Makes a published version answer requests that name it, and no others. */
  readonly prepare: (version: StoredArtifact) => Promise<void>;
  /** Takes back what `prepare` did for a version that no alias names. May be repeated. */
  readonly withdraw: (model: string, version: string) => Promise<void>;
  /**
   * Makes the Workers follow the aliases; undefined if no version of the model is to answer. Returns why they follow later,
   * for people; undefined if they do now.
   */
  readonly follow: (model: string, aliases: Partial<Aliases> | undefined) => Promise<string | undefined>;
  /** Returns the selector and headers with which a request addresses a version. */
  readonly address: (
    model: string,
    version: string,
    slot: Slot,
  ) => Promise<{ readonly selector: string; readonly headers?: Readonly<Record<string, string>> }>;
}
