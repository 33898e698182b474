/**
 * Models in a bucket, with the layout of the artifacts folder: `<model>/<version>/manifest.json`,
 * `<model>/aliases.json`.
 */
import { Aliases } from '../../shared/aliases.ts';
import { checkManifest } from '../../shared/checkManifest.ts';
import { graphEntries, graphSpec, type Manifest, ModelName } from '../../shared/manifest.ts';
import { excessOf } from '../runtime/jsonExcess.ts';
import { within } from '../runtime/within.ts';
import { type Bucket, readObject, topFolders } from './bucket.ts';
import type { StoredSource } from './source.ts';
import { sha256 } from './verify.ts';

/**
 * Limits of JSON in a bucket. A manifest has a few numbers per feature, so this is enough for tens of
 * thousands.
 */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Aliases name three versions. */
const MAX_ALIASES_BYTES = 64 * 1024;

/** Characters of a message in the log. */
const MAX_MESSAGE = 300;

interface BucketOptions {
  /** Milliseconds after which a bucket counts as down. */
  readonly timeoutMs: number;
  /** Maximum bytes of one graph. */
  readonly maxGraphBytes: number;
}

/**
 * Creates a source of models in a bucket. Every call resolves or rejects in bounded time and memory.
 *
 * @example
 * const source = bucketModels(env.MODELS, { timeoutMs: 3000, maxGraphBytes: 16 * 1024 * 1024 });
 * const manifest = await source.manifest('digits', '0a1b2c3d4e5f');
 */
export function bucketModels(bucket: Bucket, { timeoutMs, maxGraphBytes }: BucketOptions): StoredSource {
  const read = (key: string, limit: number, etag?: string) =>
    within(timeoutMs, key, readObject(bucket, key, { limit, etag }));
  return {
    names: async () => {
      const folders = await within(timeoutMs, 'the list of models', topFolders(bucket));
      return folders.filter((folder) => ModelName.safeParse(folder).success);
    },
    aliases: async (name, known) => {
      const key = `${name}/aliases.json`;
      const stored = await read(key, MAX_ALIASES_BYTES, known?.etag);
      if (stored === 'unchanged') return known;
      if (stored === undefined) return undefined;
      const { success, data: aliases, error } = Aliases.safeParse(parseStoredJson(key, stored.bytes));
      if (success) return { aliases, etag: stored.etag };
      const issues = error.issues.map(({ path, message }) => [...path, message].join(': '));
      throw new Error(`${key}: ${issues.join('; ').slice(0, MAX_MESSAGE)}`);
    },
    manifest: async (name, version) => {
      const key = `${name}/${version}/manifest.json`;
      const stored = await read(key, MAX_MANIFEST_BYTES);
      if (stored === undefined || stored === 'unchanged') return undefined;
      assertParsable(key, stored.bytes);
      const manifest = await checkManifest(key, new TextDecoder().decode(stored.bytes), (text) =>
        sha256(new TextEncoder().encode(text)),
      );
      assertServable(key, manifest, { name, version, maxGraphBytes });
      return manifest;
    },
    graph: async (manifest, graph) => {
      const { file, bytes } = graphSpec(manifest, graph);
      const key = `${manifest.name}/${manifest.version}/${file}`;
      const stored = await read(key, bytes);
      if (stored === undefined || stored === 'unchanged') throw new Error(`${key}: is missing`);
      return stored.bytes;
    },
    // Few Workers run frozen modules.
    frozen: async ({ name, version }) => {
      const { readFrozenModule } = await import('./frozenModule.ts');
      return readFrozenModule({ name, version }, async (key, limit) => {
        const stored = await read(key, limit);
        return stored === 'unchanged' ? undefined : stored?.bytes;
      });
    },
  };
}

/** @throws {Error} if the manifest belongs to another version, or a graph has more than `maxGraphBytes`. */
function assertServable(
  key: string,
  manifest: Manifest,
  { name, version, maxGraphBytes }: { name: string; version: string; maxGraphBytes: number },
): void {
  if (manifest.name !== name || manifest.version !== version) {
    throw new Error(
      `${key}: expected the manifest of ${name}@${version}, received that of ${manifest.name}@${manifest.version}`,
    );
  }
  for (const [graph, { bytes }] of graphEntries(manifest.graphs)) {
    if (bytes <= maxGraphBytes) continue;
    throw new Error(`${key}: the ${graph} has ${bytes} bytes; MAX_MODEL_BYTES is ${maxGraphBytes}`);
  }
}

/** @throws {Error} for JSON that would fill the memory once it is parsed. */
function assertParsable(key: string, bytes: Uint8Array<ArrayBuffer>): void {
  const excess = excessOf(bytes);
  if (excess !== undefined) throw new Error(`${key}: ${excess}`);
}

function parseStoredJson(key: string, bytes: Uint8Array<ArrayBuffer>): unknown {
  assertParsable(key, bytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`${key}: is not JSON (${bytes.length} bytes)`, { cause });
  }
}
