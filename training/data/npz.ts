/** NumPy's archive of several arrays: a zip file of `.npy` files. */
import { createRequire } from 'node:module';
import { InputError } from '../../shared/errors.ts';
import { readMaybeGzipped } from './gzip.ts';
import { type NpyArray, parseNpy } from './npy.ts';

/** The part of adm-zip that is used here: it has no types of its own, and is CommonJS. */
type Zip = new (
  bytes: Buffer,
) => {
  getEntries(): { readonly entryName: string; getData(): Buffer }[];
};
const require = createRequire(import.meta.url);

/**
 * The array called `name`, or the only one.
 * @throws {InputError} when the file is missing or damaged, or there is no such array.
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
        `${path}: expected one of its arrays, as in ${path}#${names[0]}; it has ${names.join(', ')}`,
      );
    }
    return parseNpy(entries[at]!.getData(), `${path}#${names[at]}`);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path}: expected an undamaged zip file`, { cause });
  }
}
