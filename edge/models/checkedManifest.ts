/** Manifests that come from outside the Worker's own upload. */
import * as z from 'zod';
import { VERSION_DIGITS, versionedText } from '../../shared/artifactVersion.ts';
import { graphEntries, MANIFEST_SCHEMA_VERSION, Manifest } from '../../shared/manifest.ts';
import { sha256 } from './verify.ts';

const SchemaVersion = z.object({ schemaVersion: z.number() });

/**
 * The manifest of `name@version`, as far as it can be checked without its graphs.
 * @throws {Error} where it is not one, is of a newer schema, is not what its version is the hash of, or has a graph of
 * more than `maxGraphBytes`.
 */
export async function checkedManifest(
  json: unknown,
  { name, version, maxGraphBytes }: { name: string; version: string; maxGraphBytes: number },
): Promise<Manifest> {
  const schema = SchemaVersion.safeParse(json);
  if (schema.success && schema.data.schemaVersion > MANIFEST_SCHEMA_VERSION) {
    const { schemaVersion } = schema.data;
    throw new Error(
      `its manifest has schema version ${schemaVersion}, this Worker reads up to ${MANIFEST_SCHEMA_VERSION}: deploy a newer Worker`,
    );
  }
  const { success, data: manifest, error } = Manifest.safeParse(json);
  if (!success) {
    const [issue] = error.issues;
    throw new Error(`its manifest is damaged: '${issue!.path.join('.')}': ${issue!.message}`);
  }
  if (manifest.name !== name || manifest.version !== version) {
    throw new Error(`its manifest is that of ${manifest.name}@${manifest.version}`);
  }
  const { version: _, ...content } = manifest;
  const hash = await sha256(new TextEncoder().encode(versionedText(content)));
  if (hash.slice(0, VERSION_DIGITS) !== version) {
    throw new Error(`its manifest was changed: its content has the version ${hash.slice(0, VERSION_DIGITS)}`);
  }
  for (const [graph, { bytes }] of graphEntries(manifest.graphs)) {
    if (bytes <= maxGraphBytes) continue;
    throw new Error(`its ${graph} has ${bytes} bytes; MAX_MODEL_BYTES is ${maxGraphBytes}`);
  }
  return manifest;
}
