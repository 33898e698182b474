/** Frozen modules next to the graphs of a version: on this disk, and in a bucket. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { FROZEN_FOLDER, FROZEN_MANIFEST, FrozenManifest, filesOf } from '../../shared/frozenModule.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';
import { flushDirectory, writeFlushed } from '../../training/files.ts';

export interface StoredModule {
  readonly manifest: FrozenManifest;
  /** The other files, by their names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Writes the folder `frozen` of an artifact, in place of an earlier one. Returns its path. */
export async function writeModule(
  { directory }: Pick<Artifact, 'directory'>,
  { manifest, files }: StoredModule,
): Promise<string> {
  const folder = join(directory, FROZEN_FOLDER);
  const partial = `${folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    for (const [file, bytes] of files) await writeFlushed(join(partial, file), [bytes]);
    await writeFlushed(join(partial, FROZEN_MANIFEST), [`${JSON.stringify(manifest)}\n`]);
    await flushDirectory(partial);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Reads and verifies the frozen module of an artifact; undefined if it has none.
 * @throws {InputError} if it is damaged, or belongs to another version.
 */
export async function readModule({
  directory,
  manifest: { name, version },
}: Pick<Artifact, 'directory' | 'manifest'>): Promise<StoredModule | undefined> {
  const folder = join(directory, FROZEN_FOLDER);
  if (!existsSync(folder)) return undefined;
  const damaged = (path: string, why: string) =>
    new InputError(`${path}: ${why}; delete the folder, or freeze the version again with --as-module`);
  const path = join(folder, FROZEN_MANIFEST);
  const { success, data, error } = FrozenManifest.safeParse(await jsonOf(path));
  if (!success) throw damaged(path, z.prettifyError(error));
  if (data.name !== name || data.version !== version)
    throw damaged(
      path,
      `expected the module of ${name}@${version}, received that of ${data.name}@${data.version}`,
    );
  const files = new Map<string, Uint8Array>();
  for (const { file, sha256: expected } of data.parts.flatMap(filesOf)) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    const received = bytes && sha256(bytes);
    if (received !== expected)
      throw damaged(join(folder, file), `expected sha256 ${expected}, received ${received ?? 'no file'}`);
    files.set(file, bytes!);
  }
  return { manifest: data, files };
}

async function jsonOf(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
