/** Publishing models to a bucket that Workers serve from. */
import { Aliases, AliasName, aliasedVersion } from '../../shared/aliases.ts';
import { ANSWERS_FILE } from '../../shared/answers.ts';
import { InputError } from '../../shared/errors.ts';
import { FROZEN_FOLDER, FROZEN_MANIFEST } from '../../shared/frozenModule.ts';
import { graphEntries } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';
import { PROFILE_FILE } from '../../training/data/profile.ts';
import type { ModelBucket } from './bucket.ts';
import { DamagedObjectError } from './damagedObject.ts';
import type { StoredModule } from './frozenModule.ts';

export interface Publishable extends Pick<Artifact, 'manifest' | 'graphs'> {
  /** The artifact's `answers.json`, if it has one. */
  readonly answers?: Uint8Array | undefined;
  /** The artifact's `profile.json`, if it has one. */
  readonly profile?: Uint8Array | undefined;
  /** The frozen module of the version, for an isolate of its own; undefined if it has not been frozen. */
  readonly frozen?: StoredModule | undefined;
}

const ABSENT = { etagDoesNotMatch: '*' };

/**
 * Uploads the graphs, the known answers, the profile of the data, the frozen module and the manifest of an artifact
 * to `<model>/<version>/`. The manifest comes last, so that a version that has one is complete. Requests reach
 * the version only once an alias names it. Objects that exist already are kept, so an interrupted upload can
 * be continued.
 * @param repairs True if the bucket holds the version damaged: objects with other content are then replaced.
 * @throws {InputError} if an object exists with other content.
 */
export async function publishArtifact(
  bucket: ModelBucket,
  { manifest, graphs, answers, profile, frozen }: Publishable,
  repairs = false,
): Promise<void> {
  const folder = `${manifest.name}/${manifest.version}`;
  const put = (key: string, bytes: Uint8Array) => putOnce(bucket, key, bytes, repairs);
  for (const [graph, bytes] of graphEntries(graphs)) {
    await put(`${folder}/${manifest.graphs[graph]!.file}`, bytes);
  }
  if (answers !== undefined) await put(`${folder}/${ANSWERS_FILE}`, answers);
  if (profile !== undefined) await put(`${folder}/${PROFILE_FILE}`, profile);
  if (frozen !== undefined) await putModule(bucket, `${folder}/${FROZEN_FOLDER}`, frozen, repairs);
  // An existing manifest differs in nothing but the time of the training run.
  const condition = repairs ? {} : { onlyIf: ABSENT };
  await bucket.put(`${folder}/manifest.json`, `${JSON.stringify(manifest)}\n`, condition);
}

/**
 * Sets which versions of a model answer. Workers follow within `ALIASES_TTL_SECONDS`.
 * @throws {InputError} if the aliases are invalid, or name a version that is not in the bucket.
 *
 * @example
 * await writeAliases(bucket, 'digits', { production: '0a1b2c3d4e5f', canary: { version: 'fedcba987654', percentage: 5 } });
 */
export async function writeAliases(bucket: ModelBucket, name: string, aliases: Aliases): Promise<void> {
  await bucket.put(`${name}/aliases.json`, await aliasesText(bucket, name, aliases));
}

/**
 * Validates aliases and returns the text of `aliases.json`.
 * @throws {InputError} if the aliases are invalid, or name a version that is not in the bucket.
 */
export async function aliasesText(bucket: ModelBucket, name: string, aliases: Aliases): Promise<string> {
  const { success, data, error } = Aliases.safeParse(aliases);
  if (!success) {
    const [issue] = error.issues;
    throw new InputError(`aliases of ${name}: '${issue!.path.join('.')}': ${issue!.message}`);
  }
  for (const alias of AliasName.options) {
    const version = aliasedVersion(data, alias);
    if (version === undefined || (await bucket.head(`${name}/${version}/manifest.json`)) !== null) continue;
    throw new InputError(`${name}@${version} is not in the bucket: expected a version that was published`);
  }
  return `${JSON.stringify(data, null, 2)}\n`;
}

/**
 * Uploads a frozen module in place of an earlier one, whose files stay for the Workers that are reading them. Both give
 * the same answers.
 */
async function putModule(
  bucket: ModelBucket,
  folder: string,
  { manifest, files }: StoredModule,
  repairs: boolean,
): Promise<void> {
  for (const [file, bytes] of files) await putOnce(bucket, `${folder}/${file}`, bytes, repairs);
  await bucket.put(`${folder}/${FROZEN_MANIFEST}`, `${JSON.stringify(manifest)}\n`);
}

/** Writes an object unless it exists. The store checks the received bytes against the hash. */
async function putOnce(bucket: ModelBucket, key: string, bytes: Uint8Array, repairs: boolean): Promise<void> {
  const hash = sha256(bytes);
  // Miniflare's bucket does not accept a Buffer.
  const content = new Uint8Array(bytes);
  const written = await bucket.put(key, content, { onlyIf: ABSENT, sha256: hash });
  if (written !== null) return;
  if ((await storedHash(bucket, key)) === hash) return;
  if (repairs) {
    await bucket.put(key, content, { sha256: hash });
    return;
  }
  throw new InputError(
    `${key} is already in the bucket with other content: versions are immutable; delete it to replace it`,
  );
}

/** Returns the hash of an object; undefined if it is gone, or damaged. */
async function storedHash(bucket: ModelBucket, key: string): Promise<string | undefined> {
  try {
    const stored = await bucket.get(key);
    return stored === null ? undefined : sha256(new Uint8Array(await stored.arrayBuffer()));
  } catch (error) {
    if (error instanceof DamagedObjectError) return undefined;
    throw error;
  }
}
