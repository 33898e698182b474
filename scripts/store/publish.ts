/** Putting models into a bucket that Workers serve from. */
import { Aliases } from '../../shared/aliases.ts';
import { ANSWERS_FILE } from '../../shared/answers.ts';
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';

/** The part of an R2 bucket that is used here. */
export interface ModelBucket {
  /** Null where the condition does not hold; rejects where the value does not have the given sha256. */
  put(
    key: string,
    value: Uint8Array | string,
    options?: { onlyIf?: { etagDoesNotMatch: string }; sha256?: string },
  ): Promise<unknown>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<unknown>;
  delete(key: string): Promise<void>;
}

export interface Publishable extends Pick<Artifact, 'manifest' | 'graphs'> {
  /** The artifact's `answers.json`, where it has one. */
  readonly answers?: Uint8Array | undefined;
}

const ABSENT = { etagDoesNotMatch: '*' };

/**
 * Puts what Workers need of an artifact under `<model>/<version>/`, and its known answers, the manifest last: a version that
 * has one is whole. Nothing answers by it before an alias names it. What is there already stays as it is: an upload that was
 * interrupted goes on where it was.
 * @throws {InputError} where something else is there.
 */
export async function publishArtifact(
  bucket: ModelBucket,
  { manifest, graphs, answers }: Publishable,
): Promise<void> {
  const folder = `${manifest.name}/${manifest.version}`;
  for (const [graph, bytes] of graphEntries(graphs)) {
    await putOnce(bucket, `${folder}/${manifest.graphs[graph]!.file}`, bytes);
  }
  if (answers !== undefined) await putOnce(bucket, `${folder}/${ANSWERS_FILE}`, answers);
  // One that is there says the same, but for the time of the training run.
  await bucket.put(`${folder}/manifest.json`, `${JSON.stringify(manifest)}\n`, { onlyIf: ABSENT });
}

/**
 * Says which versions of a model answer; Workers follow within `ALIASES_TTL_SECONDS`.
 * @throws {InputError} for aliases that are not valid, or name a version that is not in the bucket.
 *
 * @example
 * await writeAliases(bucket, 'digits', { production: '0a1b2c3d4e5f', canary: { version: 'fedcba987654', percentage: 5 } });
 */
export async function writeAliases(bucket: ModelBucket, name: string, aliases: Aliases): Promise<void> {
  await bucket.put(`${name}/aliases.json`, await aliasesText(bucket, name, aliases));
}

/**
 * The same as the text of `aliases.json`, for those who write it themselves.
 * @throws {InputError} likewise.
 */
export async function aliasesText(bucket: ModelBucket, name: string, aliases: Aliases): Promise<string> {
  const { success, data, error } = Aliases.safeParse(aliases);
  if (!success) {
    const [issue] = error.issues;
    throw new InputError(`aliases of ${name}: '${issue!.path.join('.')}': ${issue!.message}`);
  }
  const { production, canary, previous } = data;
  for (const version of [production, canary?.version, previous]) {
    if (version === undefined || (await bucket.head(`${name}/${version}/manifest.json`)) !== null) continue;
    throw new InputError(`${name}@${version} is not in the bucket: publish it first`);
  }
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** R2 checks what has arrived against the hash. */
async function putOnce(bucket: ModelBucket, key: string, bytes: Uint8Array): Promise<void> {
  const hash = sha256(bytes);
  // Not as a Buffer, which Miniflare's bucket does not take.
  const written = await bucket.put(key, new Uint8Array(bytes), { onlyIf: ABSENT, sha256: hash });
  if (written !== null) return;
  const stored = await bucket.get(key);
  if (stored && sha256(new Uint8Array(await stored.arrayBuffer())) === hash) return;
  throw new InputError(
    `${key} is in the bucket with other content: versions never change; remove it to replace it`,
  );
}
