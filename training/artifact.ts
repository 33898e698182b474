/** Artifacts on disk: written whole or not at all, checked before use, never changed. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../shared/errors.ts';
import { GraphName, MANIFEST_SCHEMA_VERSION, Manifest } from '../shared/manifest.ts';

/** A verified artifact. */
export interface Artifact {
  readonly directory: string;
  readonly manifest: Manifest;
  /** ONNX models. */
  readonly graphs: Readonly<Record<GraphName, Uint8Array>>;
}

/** A manifest before it has a version. */
export type ManifestContent = Omit<Manifest, 'version'>;

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The version of an artifact: the first 12 hex digits of sha256 over its manifest, which holds every file's hash,
 * without the time it was made and the time it took.
 */
export function versionOf(content: ManifestContent): string {
  const { createdAt: _, ...rest } = content;
  const { seconds: __, ...training } = rest.training;
  return sha256(canonicalJson({ ...rest, training })).slice(0, 12);
}

/**
 * Writes `{root}/{name}/{version}/` under a hidden name, flushes it to disk, then renames it into place. An artifact
 * that is there already is verified and left alone: the same content has the same version.
 */
export async function writeArtifact(
  root: string,
  content: ManifestContent,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Artifact> {
  const manifest = Manifest.parse({ ...content, version: versionOf(content) });
  const parent = join(root, manifest.name);
  const directory = join(parent, manifest.version);
  if (existsSync(directory)) return readArtifact(directory);
  await mkdir(parent, { recursive: true });
  const partial = join(parent, `.partial-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(partial);
    for (const [file, data] of Object.entries(files)) await writeFlushed(join(partial, file), data);
    await writeFlushed(join(partial, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
    await flushDirectory(partial);
    await rename(partial, directory);
    await flushDirectory(parent);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return readArtifact(directory);
}

/**
 * Reads an artifact and verifies its schema and the sha256 of every file.
 * @throws {InputError} when it is missing, damaged, or newer than this version of latentedge.
 */
export async function readArtifact(directory: string): Promise<Artifact> {
  const manifest = parseManifest(directory, await read(directory, 'manifest.json'));
  const graphs: Partial<Record<GraphName, Uint8Array>> = {};
  for (const name of GraphName.options) {
    const { file, sha256: expected } = manifest.graphs[name];
    graphs[name] = await readVerified(directory, file, expected);
  }
  for (const [file, { sha256: expected }] of Object.entries(manifest.files)) {
    await readVerified(directory, file, expected);
  }
  return { directory, manifest, graphs: graphs as Record<GraphName, Uint8Array> };
}

const SchemaVersion = z.object({ schemaVersion: z.number() });

function parseManifest(directory: string, bytes: Uint8Array): Manifest {
  const path = join(directory, 'manifest.json');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new InputError(`${path}: expected JSON; the artifact is damaged, train it again`, { cause });
  }
  const version = SchemaVersion.safeParse(json);
  if (version.success && version.data.schemaVersion > MANIFEST_SCHEMA_VERSION) {
    throw new InputError(
      `${path}: has schema version ${version.data.schemaVersion}, this latentedge reads up to ${MANIFEST_SCHEMA_VERSION}; upgrade latentedge`,
    );
  }
  const result = Manifest.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `${path}: '${issue!.path.join('.')}': ${issue!.message}; the artifact is damaged, train it again`,
    );
  }
  const { version: recorded, ...content } = result.data;
  const expected = versionOf(content);
  if (recorded !== expected) {
    throw new InputError(
      `${path}: expected version ${expected} for this content, received ${recorded}; the manifest was changed`,
    );
  }
  return result.data;
}

async function readVerified(directory: string, file: string, expected: string): Promise<Uint8Array> {
  const bytes = await read(directory, file);
  const received = sha256(bytes);
  if (received !== expected) {
    const path = join(directory, file);
    throw new InputError(
      `${path}: expected sha256 ${expected}, received ${received}; the file is damaged, train it again`,
    );
  }
  return bytes;
}

async function read(directory: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    throw new InputError(`${directory}: is not a complete artifact: ${file} cannot be read`, { cause });
  }
}

async function writeFlushed(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes names in a directory durable, not only the bytes behind them. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** JSON with object keys in code unit order, so that equal content has equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
