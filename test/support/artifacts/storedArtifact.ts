/** Linear models as they are stored in a bucket: their versions are the hash of their content. */
import { OperationName, type TrainedManifest } from '../../../shared/manifest.ts';
import { versionOf } from '../../../training/artifact/artifact.ts';
import { type LinearOptions, linearArtifact } from './linearArtifact.ts';

export interface StoredArtifact {
  readonly manifest: TrainedManifest;
  readonly graphs: Readonly<Record<'encoder' | 'decoder' | 'autoencoder' | 'predict', Uint8Array>>;
}

/** What the fixture's graphs can answer. */
const OPERATIONS = OperationName.options.filter((name) =>
  ['encode', 'decode', 'reconstruct', 'predict'].includes(name),
);

/** A linear artifact with its true version, after `change` was made to its manifest. */
export function storedArtifact(
  options: Omit<LinearOptions, 'version'>,
  change: (manifest: TrainedManifest) => TrainedManifest = (manifest) => manifest,
): StoredArtifact {
  const { manifest, graphs } = linearArtifact({ operations: OPERATIONS, ...options });
  const { version: _, ...content } = change(manifest);
  return {
    manifest: { ...content, version: versionOf(content) },
    graphs: graphs as StoredArtifact['graphs'],
  };
}
