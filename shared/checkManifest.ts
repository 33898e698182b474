/** The check that every manifest from outside the running program passes: from a folder, or from a bucket. */
import * as z from 'zod';
import { VERSION_DIGITS, versionedText } from './artifactVersion.ts';
import { InputError } from './errors.ts';
import { MANIFEST_SCHEMA_VERSION, Manifest } from './manifest.ts';

const AnySchemaVersion = z.object({ schemaVersion: z.number() });

/**
 * Parses a manifest, and checks its schema and that its version is the hash of its content.
 *
 * @param source The path or key that errors name.
 * @param sha256 Returns 64 hex digits; Web Crypto's is asynchronous, and so is the result then.
 * @throws {InputError} (or rejects with it) if the text is not JSON, has a newer schema, does not match the
 * schema, or was changed after its version was computed.
 *
 * @example
 * const manifest = checkManifest('digits/manifest.json', text, sha256);
 */
export function checkManifest(source: string, text: string, sha256: (text: string) => string): Manifest;
export function checkManifest(
  source: string,
  text: string,
  sha256: (text: string) => Promise<string>,
): Promise<Manifest>;
export function checkManifest(
  source: string,
  text: string,
  sha256: (text: string) => string | Promise<string>,
): Manifest | Promise<Manifest> {
  const manifest = parseManifest(source, text);
  const { version: received, ...content } = manifest;
  const compare = (hash: string): Manifest => {
    const expected = hash.slice(0, VERSION_DIGITS);
    if (received === expected) return manifest;
    throw new InputError(
      `${source}: expected version ${expected} for this content, received ${received}; the manifest was changed`,
    );
  };
  const hash = sha256(versionedText(content));
  return typeof hash === 'string' ? compare(hash) : hash.then(compare);
}

function parseManifest(source: string, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${source}: expected JSON; ${DAMAGED}`, { cause });
  }
  const schema = AnySchemaVersion.safeParse(json);
  if (schema.success && schema.data.schemaVersion > MANIFEST_SCHEMA_VERSION) {
    const { schemaVersion } = schema.data;
    throw new InputError(
      `${source}: has schema version ${schemaVersion}, this latentedge reads up to ${MANIFEST_SCHEMA_VERSION}; upgrade latentedge`,
    );
  }
  const result = Manifest.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(`${source}: '${issue!.path.join('.')}': ${issue!.message}; ${DAMAGED}`);
}

const DAMAGED = 'the artifact is damaged, train or publish it again';
