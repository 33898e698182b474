/** Complete versions in a bucket, read back and verified. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANSWERS_FILE, KnownAnswers } from '../../shared/answers.ts';
import { checkManifest } from '../../shared/checkManifest.ts';
import { InputError } from '../../shared/errors.ts';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';
import { PROFILE_FILE, Profile } from '../../training/data/profile.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { DamagedObjectError } from '../store/damagedObject.ts';
import { readModule, type StoredModule } from '../store/frozenModule.ts';
import { readText } from '../store/text.ts';

export interface StoredArtifact extends Pick<Artifact, 'manifest' | 'graphs'> {
  /** The bytes of `answers.json`; undefined for versions that were packaged without it. */
  readonly answers: Uint8Array | undefined;
  /** The bytes of `profile.json`; undefined for versions that were packaged or published without it. */
  readonly profile: Uint8Array | undefined;
  /** The frozen module; absent for versions that were not frozen, or are read from a bucket. */
  readonly frozen?: StoredModule | undefined;
}

/** Adds the known answers, the profile and the frozen module to an artifact on this disk. */
export async function withAnswers(artifact: Artifact): Promise<StoredArtifact> {
  const read = async (file: string) =>
    artifact.manifest.files[file] && (await readFile(join(artifact.directory, file)));
  const [answers, profile] = [await read(ANSWERS_FILE), await read(PROFILE_FILE)];
  return { ...artifact, answers, profile, frozen: await readModule(artifact) };
}

/** A version that the bucket does not hold as it was published; not a store that fails. */
export class DamagedVersionError extends InputError {}

export async function isStored(bucket: ModelBucket, model: string, version: string): Promise<boolean> {
  return (await bucket.head(`${model}/${version}/manifest.json`)) !== null;
}

/** Reads a version. @throws {InputError} if it is missing or incomplete, or differs from its hashes. */
export async function readStored(
  bucket: ModelBucket,
  model: string,
  version: string,
): Promise<StoredArtifact> {
  const folder = `${model}/${version}`;
  const manifest = await readStoredManifest(bucket, model, version);
  const graphs: Record<string, Uint8Array> = {};
  for (const [name, { file, sha256: expected }] of graphEntries(manifest.graphs))
    graphs[name] = await verified(bucket, `${folder}/${file}`, expected);
  const read = async (file: string) => {
    const known = manifest.files[file];
    return known && (await verified(bucket, `${folder}/${file}`, known.sha256));
  };
  const answers = await read(ANSWERS_FILE);
  // Without it, the next run compares less; that is no reason to call the version damaged.
  const hasProfile = (await bucket.head(`${folder}/${PROFILE_FILE}`)) !== null;
  const profile = hasProfile ? await read(PROFILE_FILE) : undefined;
  return { manifest, graphs, answers, profile };
}

/** Reads the manifest of a version. @throws {InputError} if it is missing or damaged. */
export async function readStoredManifest(
  bucket: ModelBucket,
  model: string,
  version: string,
): Promise<Manifest> {
  const folder = `${model}/${version}`;
  const text = await readText(bucket, `${folder}/manifest.json`);
  if (text === undefined)
    throw new DamagedVersionError(`${folder} is missing from the bucket, or incomplete`);
  const manifest = checked(`${folder}/manifest.json`, text.text);
  if (manifest.version !== version) throw damaged(`${folder}/manifest.json`);
  return manifest;
}

/** Parses the known answers of a version; undefined if it has none. */
export function answersOf({ answers }: StoredArtifact): KnownAnswers | undefined {
  return answers && KnownAnswers.parse(JSON.parse(new TextDecoder().decode(answers)));
}

/** Parses the profile of the data that a version was trained on; undefined if it has none. */
export function profileIn({ profile }: StoredArtifact): Profile | undefined {
  return profile && Profile.parse(JSON.parse(new TextDecoder().decode(profile)));
}

async function verified(bucket: ModelBucket, key: string, expected: string): Promise<Uint8Array> {
  const object = await bucket.get(key).catch((error: unknown) => {
    throw error instanceof DamagedObjectError ? damaged(key) : error;
  });
  const bytes = object && new Uint8Array(await object.arrayBuffer());
  if (!bytes || sha256(bytes) !== expected) throw damaged(key);
  return bytes;
}

function checked(key: string, text: string): Manifest {
  try {
    return checkManifest(key, text, sha256);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new DamagedVersionError(error.message, { cause: error.cause });
  }
}

function damaged(key: string): InputError {
  return new DamagedVersionError(`${key} is missing or damaged`);
}

/** Returns what is missing or damaged of a version; undefined if nothing is. */
export async function damageOf(
  bucket: ModelBucket,
  model: string,
  version: string,
): Promise<string | undefined> {
  try {
    await readStored(bucket, model, version);
  } catch (error) {
    if (error instanceof DamagedVersionError) return error.message;
    throw error;
  }
  return undefined;
}
