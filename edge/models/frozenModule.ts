/** The frozen module of a version, read from a bucket. */
import { FROZEN_FOLDER, FROZEN_MANIFEST, FrozenManifest } from '../../shared/frozenModule.ts';
import type { FrozenModule } from '../runtime/isolates/frozenModule.ts';
import { excessOf } from '../runtime/jsonExcess.ts';
import { sha256 } from './verify.ts';

/** Limit of the manifest, which holds some hashes. */
const MAX_MANIFEST_BYTES = 64 * 1024;
/** Hex digits of the hash of the manifest that identify the module. */
const HASH_DIGITS = 12;

/** Reads a whole object of up to `limit` bytes; undefined if it is missing. */
type Read = (key: string, limit: number) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/**
 * Reads the manifest of a frozen module; undefined if there is none. Files are read when they are asked for.
 * @throws {Error} if the manifest is damaged, or that of another version.
 */
export async function readFrozenModule(
  of: { readonly name: string; readonly version: string },
  read: Read,
): Promise<FrozenModule | undefined> {
  const folder = `${of.name}/${of.version}/${FROZEN_FOLDER}`;
  const key = `${folder}/${FROZEN_MANIFEST}`;
  const bytes = await read(key, MAX_MANIFEST_BYTES);
  if (bytes === undefined) return undefined;
  const manifest = parsed(key, bytes);
  if (manifest.name !== of.name || manifest.version !== of.version)
    throw new Error(
      `${key}: expected that of ${of.name}@${of.version}, received ${manifest.name}@${manifest.version}`,
    );
  return {
    manifest,
    hash: (await sha256(bytes)).slice(0, HASH_DIGITS),
    file: async ({ file, bytes: size, sha256: expected }) => {
      const content = await read(`${folder}/${file}`, size);
      if (content === undefined) throw new Error(`${folder}/${file}: is missing`);
      const received = await sha256(content);
      if (received === expected) return content;
      throw new Error(
        `${folder}/${file}: expected sha256 ${expected}, received ${received} (${content.length} bytes)`,
      );
    },
  };
}

function parsed(key: string, bytes: Uint8Array<ArrayBuffer>): FrozenManifest {
  const excess = excessOf(bytes);
  if (excess !== undefined) throw new Error(`${key}: ${excess}`);
  try {
    return FrozenManifest.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new Error(`${key}: is not the manifest of a frozen module`, { cause });
  }
}
