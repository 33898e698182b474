/** Whole versions in a bucket, read back and verified. */
import { ANSWERS_FILE, KnownAnswers } from '../../shared/answers.ts';
import { checkManifest } from '../../shared/checkManifest.ts';
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';
import type { VersionedBucket } from '../store/bucket.ts';
import { readText } from '../store/text.ts';

export interface StoredArtifact extends Pick<Artifact, 'manifest' | 'graphs'> {
  /** Undefined for versions that were packaged without. */
  readonly answers: Uint8Array | undefined;
}

export async function isStored(bucket: VersionedBucket, model: string, version: string): Promise<boolean> {
  return (await bucket.head(`${model}/${version}/manifest.json`)) !== null;
}

/** @throws {InputError} where it is not there, or is not what training wrote. */
export async function readStored(
  bucket: VersionedBucket,
  model: string,
  version: string,
): Promise<StoredArtifact> {
  const folder = `${model}/${version}`;
  const text = await readText(bucket, `${folder}/manifest.json`);
  if (text === undefined) throw new InputError(`${folder} is not in the bucket, or not whole`);
  const manifest = checkManifest(`${folder}/manifest.json`, text.text, sha256);
  if (manifest.version !== version) throw damaged(`${folder}/manifest.json`);
  const graphs: Record<string, Uint8Array> = {};
  for (const [name, { file, sha256: expected }] of graphEntries(manifest.graphs))
    graphs[name] = await verified(bucket, `${folder}/${file}`, expected);
  const known = manifest.files[ANSWERS_FILE];
  const answers = known && (await verified(bucket, `${folder}/${ANSWERS_FILE}`, known.sha256));
  return { manifest, graphs: graphs as unknown as Artifact['graphs'], answers };
}

/** Undefined where the version has none. */
export function answersOf({ answers }: StoredArtifact): KnownAnswers | undefined {
  return answers && KnownAnswers.parse(JSON.parse(new TextDecoder().decode(answers)));
}

async function verified(bucket: VersionedBucket, key: string, expected: string): Promise<Uint8Array> {
  const object = await bucket.get(key);
  const bytes = object && new Uint8Array(await object.arrayBuffer());
  if (!bytes || sha256(bytes) !== expected) throw damaged(key);
  return bytes;
}

function damaged(key: string): InputError {
  return new InputError(`${key}: is missing or damaged; publish the version again under another one`);
}
