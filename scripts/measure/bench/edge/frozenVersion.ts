/** Versions with what their isolates are loaded from. */
import { type Artifact, versionOf } from '../../../../training/artifact/artifact.ts';
import type { ModelBucket } from '../../../store/bucket.ts';
import type { StoredModule } from '../../../store/frozenModule.ts';
import { publishArtifact, writeAliases } from '../../../store/publish.ts';

/** Variables of the Workers that serve them. */
export const variables = { LOG: 'problems', MAX_MODEL_BYTES: String(32 * 2 ** 20) };
export const quiet = { log: () => undefined, isDirect: true, rateLimit: 1e9, variables };

/** A version, and what its isolate is loaded from. */
export interface Frozen {
  readonly artifact: Artifact;
  readonly module: StoredModule;
}

/** The same graphs under another name. */
export function renamed({ artifact, module }: Frozen, name: string): Frozen {
  const { version: _, ...content } = artifact.manifest;
  const own = { ...content, name };
  const version = versionOf(own);
  return {
    artifact: { ...artifact, manifest: { ...own, version } },
    module: { ...module, manifest: { ...module.manifest, name, version } },
  };
}

export async function publish(bucket: ModelBucket, { artifact, module }: Frozen): Promise<void> {
  const { name, version } = artifact.manifest;
  await publishArtifact(bucket, { ...artifact, frozen: module });
  await writeAliases(bucket, name, { production: version });
}

export const pathOf = ({ artifact }: Frozen) => `/v1/models/${artifact.manifest.name}/encode`;
