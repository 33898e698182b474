/** Artifacts on disk: written atomically, verified when read, never changed. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { type ManifestContent, VERSION_DIGITS, versionedText } from '../../shared/artifactVersion.ts';
import { checkManifest } from '../../shared/checkManifest.ts';
import { InputError } from '../../shared/errors.ts';
import {
  type FileSpec,
  graphEntries,
  IMPORTED,
  Manifest,
  type PerGraph,
  type SomeGraphs,
  type TrainedManifest,
} from '../../shared/manifest.ts';
import { flushDirectory, writeFlushed } from '../files.ts';

/** A verified artifact. */
export interface Artifact {
  readonly directory: string;
  readonly manifest: Manifest;
  /** Serialised ONNX models. */
  readonly graphs: SomeGraphs<Uint8Array>;
}

/** The artifact of a model that was trained here. */
export interface TrainedArtifact extends Artifact {
  readonly manifest: TrainedManifest;
  readonly graphs: Readonly<PerGraph<Uint8Array>>;
}

/**
 * Returns the artifact as that of a model that was trained here.
 * @throws {InputError} if it was imported: it may lack graphs, and nothing about its training is known.
 */
export function requireTrained<Read extends Pick<Artifact, 'manifest' | 'graphs'>>(
  artifact: Read,
): Read & Pick<TrainedArtifact, 'manifest' | 'graphs'> {
  const { name, version, variant } = artifact.manifest;
  if (variant !== IMPORTED) return artifact as Read & Pick<TrainedArtifact, 'manifest' | 'graphs'>;
  throw new InputError(
    `${name}@${version} was imported: expected a model that was trained here; import it again with other --rows to measure it`,
  );
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Version of an artifact: the first 12 hex digits of sha256 over its manifest (`versionedText`). */
export function versionOf(content: ManifestContent): string {
  return sha256(versionedText(content)).slice(0, VERSION_DIGITS);
}

/**
 * Writes `{root}/{name}/{version}/` under a hidden name, flushes it to disk, then renames it into place. The
 * same content has the same version: if an undamaged copy exists, only its modification time is updated.
 */
export async function writeArtifact(
  root: string,
  content: ManifestContent,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Artifact> {
  const manifest = Manifest.parse({ ...content, version: versionOf(content) });
  const parent = join(root, manifest.name);
  const directory = join(parent, manifest.version);
  if (existsSync(directory)) {
    const existing = await readIfUndamaged(directory);
    if (existing !== undefined) return touched(existing);
    await rm(directory, { recursive: true });
  }
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const partial = join(parent, `.partial-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(partial);
    for (const [file, data] of Object.entries(files)) await writeFlushed(join(partial, file), [data]);
    await writeFlushed(join(partial, 'manifest.json'), [`${JSON.stringify(manifest)}\n`]);
    await flushDirectory(partial);
    await moveIntoPlace(partial, directory);
    await flushDirectory(parent);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return readArtifact(directory);
}

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Removes the folders that killed runs left behind; a folder that is being written is at most minutes old.
 */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.partial-')) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path);
    // A folder dated far in the future is removed, too: the clock has been set back since.
    if (Math.abs(Date.now() - mtimeMs) > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

async function readIfUndamaged(directory: string): Promise<Artifact | undefined> {
  try {
    return await readArtifact(directory);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * Updates the modification time: the newest version of a model is the one trained last, even if it existed
 * before.
 */
async function touched(artifact: Artifact): Promise<Artifact> {
  const now = new Date();
  await utimes(artifact.directory, now, now);
  return artifact;
}

/** Renames the folder, unless another run has written the same content in the meantime. */
async function moveIntoPlace(partial: string, directory: string): Promise<void> {
  try {
    await rename(partial, directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/**
 * Reads an artifact and verifies its schema and the sha256 of every file.
 * @throws {InputError} if it is missing, damaged, or newer than this version of latentedge.
 */
export async function readArtifact(directory: string): Promise<Artifact> {
  const bytes = await read(directory, 'manifest.json');
  const manifest = checkManifest(join(directory, 'manifest.json'), new TextDecoder().decode(bytes), sha256);
  const graphs: Record<string, Uint8Array> = {};
  for (const [name, { file, ...expected }] of graphEntries(manifest.graphs))
    graphs[name] = await readVerified(directory, file, expected);
  for (const [file, expected] of Object.entries(manifest.files))
    await readVerified(directory, file, expected);
  return { directory, manifest, graphs };
}

async function readVerified(
  directory: string,
  file: string,
  { sha256: expected, bytes: size }: z.infer<typeof FileSpec>,
): Promise<Uint8Array> {
  const bytes = await read(directory, file);
  const received = sha256(bytes);
  if (received !== expected || bytes.length !== size) {
    const path = join(directory, file);
    throw new InputError(
      `${path}: expected ${size} bytes of sha256 ${expected}, received ${bytes.length} of ${received}; the file is damaged, train it again`,
    );
  }
  return bytes;
}

async function read(directory: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    const problem = existsSync(directory)
      ? `is not a complete artifact: ${file} cannot be read`
      : 'does not exist';
    throw new InputError(`${directory}: ${problem}`, { cause });
  }
}
