import type { FrozenFile, FrozenManifest } from '../../../shared/frozenModule.ts';

/** A frozen module whose files can be read: each is verified before it is returned. */
export interface FrozenModule {
  readonly manifest: FrozenManifest;
  /** Changes with any of the files. */
  readonly hash: string;
  file(file: FrozenFile): Promise<Uint8Array<ArrayBuffer>>;
}
