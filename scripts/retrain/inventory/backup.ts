/** Copies of a bucket in a folder: models, aliases and journals, each object a file. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { InputError } from '../../../shared/errors.ts';
import { listAll, type ModelBucket } from '../../store/bucket.ts';

/** Objects of runs that are going on; a copy of them means nothing. */
const PASSING = /\/retrain\/(lock\.json|clock\/)/;

/** Writes every object of the bucket to a folder. Returns their keys. */
export async function backUp(bucket: ModelBucket, folder: string): Promise<string[]> {
  const all = await listAll(bucket, { prefix: '' });
  const keys = all.keys.filter((key) => !PASSING.test(key));
  for (const key of keys) {
    const path = join(folder, ...key.split('/'));
    await mkdir(dirname(path), { recursive: true });
    const object = await bucket.get(key);
    if (object !== null) await writeFile(path, new Uint8Array(await object.arrayBuffer()));
  }
  return keys;
}

/**
 * Writes the files of a backup to the bucket, aliases last, so that they name versions that are there. Objects that
 * exist stay as they are. Returns the keys that were written.
 * @throws {InputError} if the folder does not exist.
 */
export async function restore(bucket: ModelBucket, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new InputError(`${folder}: expected the folder of a backup`, { cause });
  });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    );
  const isAliases = (key: string) => /^[^/]+\/(aliases|deployed)\.json$/.test(key);
  const written: string[] = [];
  for (const key of keys.toSorted((a, b) => Number(isAliases(a)) - Number(isAliases(b)))) {
    const bytes = new Uint8Array(await readFile(join(folder, ...key.split('/'))));
    const done = await bucket.put(key, bytes, { onlyIf: { etagDoesNotMatch: '*' } });
    if (done !== null) written.push(key);
  }
  return written;
}
