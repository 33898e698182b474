/** NumPy's archive format for several arrays: a zip file of `.npy` files. */
import { createRequire } from 'node:module';
import { InputError } from '../../shared/errors.ts';
import { readMaybeGzipped } from './gzip.ts';
import { type NpyArray, parseNpy } from './npy.ts';

/** The used part of adm-zip, a CommonJS package without types. */
type Zip = new (
  bytes: Buffer,
) => {
  getEntries(): { readonly entryName: string; getData(): Buffer }[];
};
const require = createRequire(import.meta.url);

/**
 * Reads the array called `name`, or the only array if `name` is not given.
 * @throws {InputError} if the file is missing or damaged, or has no such array.
 */
export async function readNpz(path: string, name?: string): Promise<NpyArray> {
  const bytes = await readMaybeGzipped(path);
  const AdmZip = require('adm-zip') as Zip;
  try {
    const entries = new AdmZip(bytes).getEntries().filter(({ entryName }) => entryName.endsWith('.npy'));
    const names = entries.map(({ entryName }) => entryName.slice(0, -'.npy'.length));
    const at = name === undefined && names.length === 1 ? 0 : names.indexOf(name ?? '');
    if (at < 0) {
      throw new InputError(
        `${path}: expected the name of an array, as in ${path}#${names[0]}; found ${names.join(', ')}`,
      );
    }
    return parseNpy(entries[at]!.getData(), `${path}#${names[at]}`);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path}: expected an undamaged zip file`, { cause });
  }
}
