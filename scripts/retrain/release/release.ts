import type { Aliases } from '../../../shared/aliases.ts';
import type { StoredArtifact } from '../stored.ts';

/** As what a version is asked for: by itself, or as what answers under an alias. */
export type Slot = 'version' | 'canary' | 'production';

/** How versions come to answer requests. What is to answer is written down first: whatever follows can be done again. */
export interface Release {
  /** The object that says what is to answer: the schema is that of aliases. */
  readonly key: (model: string) => string;
  /** Makes a published version answer those who ask for it by its own name, and nobody else. */
  readonly prepare: (version: StoredArtifact) => Promise<void>;
  /** Has what serves do as the aliases say. */
  readonly follow: (model: string, aliases: Aliases) => Promise<void>;
  /** How a request names a version. */
  readonly asked: (
    model: string,
    version: string,
    slot: Slot,
  ) => Promise<{ readonly selector: string; readonly headers?: Readonly<Record<string, string>> }>;
}
