import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bucketModels } from '../../edge/models/bucketModels.ts';
import { readStored } from '../../scripts/retrain/stored.ts';
import type { VersionedBucket } from '../../scripts/store/bucket.ts';
import { type ModelBucket, publishArtifact } from '../../scripts/store/publish.ts';
import { InputError } from '../../shared/errors.ts';
import { MANIFEST_SCHEMA_VERSION } from '../../shared/manifest.ts';
import { readArtifact } from '../../training/artifact/artifact.ts';
import { temporaryFolder } from '../support/data.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { storedArtifact } from '../support/storedArtifact.ts';

const artifact = storedArtifact({ name: 'linear' });
const { name, version } = artifact.manifest;
const JSON_TEXT = JSON.stringify(artifact.manifest);

async function bucketWith(text: string) {
  const bucket = memoryBucket();
  await publishArtifact(bucket as ModelBucket, artifact);
  await bucket.put(`${name}/${version}/manifest.json`, text);
  return bucket;
}

/** The three places that read manifests they did not write. */
const READERS: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  'a folder of artifacts': async (text) => {
    const folder = join(temporaryFolder(), name, version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'manifest.json'), text);
    return readArtifact(folder);
  },
  'the bucket of a Worker': async (text) =>
    bucketModels(await bucketWith(text), { timeoutMs: 1000, maxGraphBytes: 2 ** 20 }).manifest(name, version),
  'the bucket of a retraining run': async (text) =>
    readStored((await bucketWith(text)) as unknown as VersionedBucket, name, version),
};

const NEWER = MANIFEST_SCHEMA_VERSION + 1;

describe.each(Object.entries(READERS))('in %s', (_, read) => {
  it.each([
    {
      what: 'of a newer schema',
      text: JSON_TEXT.replace('"schemaVersion":1', `"schemaVersion":${NEWER}`),
      message: `has schema version ${NEWER}, this latentedge reads up to ${MANIFEST_SCHEMA_VERSION}; upgrade latentedge`,
    },
    {
      what: 'that is not JSON',
      text: JSON_TEXT.slice(0, -10),
      message: 'expected JSON; the artifact is damaged, train or publish it again',
    },
    {
      what: 'without members',
      text: '{}',
      message: /'schemaVersion': .*; the artifact is damaged, train or publish it again/,
    },
    {
      what: 'that was changed',
      text: JSON_TEXT.replace('"linear"', '"cubic"'),
      message: new RegExp(
        `expected version [0-9a-f]{12} for this content, received ${version}; the manifest was`,
      ),
    },
  ])('a manifest $what is refused with what to do', async ({ text, message }) => {
    const reading = read(text);
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(`${version}/manifest.json: `);
  });
});
