/** What can be wrong with a version in a bucket. */
import { createHash } from 'node:crypto';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { publishArtifact } from '../../../scripts/store/publish.ts';
import { type GraphSpec, MANIFEST_SCHEMA_VERSION } from '../../../shared/manifest.ts';
import { type StoredArtifact, storedArtifact } from './storedArtifact.ts';

export const MAX_MODEL_BYTES = 100_000;

type Bytes = Uint8Array | string;

/** Stores the version that `artifact` would have been, broken, and answers its version. */
type Break = (bucket: ModelBucket, artifact: StoredArtifact) => Promise<string>;

/** The manifest's text is changed after its version was taken. */
function withManifest(change: (json: string, manifest: StoredArtifact['manifest']) => string): Break {
  return async (bucket, artifact) => {
    const { name, version } = artifact.manifest;
    await publishArtifact(bucket, artifact);
    const json = JSON.stringify(artifact.manifest);
    await bucket.put(`${name}/${version}/manifest.json`, change(json, artifact.manifest));
    return version;
  };
}

/** The stored encoder is not what the manifest says. */
function withEncoder(change: (bytes: Uint8Array) => Bytes): Break {
  return async (bucket, artifact) => {
    const { name, version, graphs } = artifact.manifest;
    await publishArtifact(bucket, artifact);
    await bucket.put(
      `${name}/${version}/${graphs.encoder.file}`,
      change(new Uint8Array(artifact.graphs.encoder)),
    );
    return version;
  };
}

/** The manifest says something of the encoder, and the version is right for that. */
function withSpec(change: (spec: GraphSpec) => GraphSpec, encoder?: Uint8Array): Break {
  return async (bucket, { manifest, graphs }) => {
    const changed = storedArtifact({ name: manifest.name }, () => ({
      ...manifest,
      graphs: { ...manifest.graphs, encoder: change(manifest.graphs.encoder) },
    }));
    await publishArtifact(bucket, { ...changed, graphs: { ...graphs, ...(encoder && { encoder }) } });
    return changed.manifest.version;
  };
}

const GARBAGE = new TextEncoder().encode('this is not a model');

export const BREAKS: Readonly<Record<string, Break>> = {
  'no such version': async () => '000000000000',
  'a manifest that is not JSON': withManifest((json) => json.slice(0, -10)),
  'a manifest of a newer schema': withManifest((json) =>
    json.replace('"schemaVersion":1', `"schemaVersion":${MANIFEST_SCHEMA_VERSION + 1}`),
  ),
  'a manifest without members': withManifest(() => '{}'),
  'a manifest that was changed': withManifest((json) => json.replace('"linear"', '"cubic"')),
  'the manifest of another version': withManifest((_, { name }) =>
    JSON.stringify(storedArtifact({ name, scale: 64 }).manifest),
  ),
  'a graph that ends early': withEncoder((bytes) => bytes.slice(0, bytes.length / 2)),
  'a graph of other bytes': withEncoder((bytes) => bytes.with(bytes.length - 1, 1)),
  'a graph that is too long': withEncoder((bytes) => new Uint8Array([...bytes, 0])),
  'no graph': async (bucket, artifact) => {
    const { name, version, graphs } = artifact.manifest;
    await publishArtifact(bucket, artifact);
    await bucket.delete(`${name}/${version}/${graphs.encoder.file}`);
    return version;
  },
  'a graph that is too big': withSpec((spec) => ({ ...spec, bytes: MAX_MODEL_BYTES + 1 })),
  'a graph that does not load': withSpec(
    (spec) => ({
      ...spec,
      bytes: GARBAGE.length,
      sha256: createHash('sha256').update(GARBAGE).digest('hex'),
    }),
    GARBAGE,
  ),
};
