/** Integrity: a graph runs only if its bytes are those that training wrote. */
import { type GraphName, graphSpec, type Manifest } from '../../shared/manifest.ts';
import type { GraphSource } from './source.ts';

/**
 * Returns a graph's bytes, checked against the manifest's sha256.
 * @throws {Error} if they differ.
 */
export async function verifiedGraph(
  source: GraphSource,
  manifest: Manifest,
  graph: GraphName,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.graph(manifest, graph);
  const expected = graphSpec(manifest, graph).sha256;
  const received = await sha256(bytes);
  if (received !== expected) {
    throw new Error(
      `${graph} of ${manifest.name}@${manifest.version}: expected sha256 ${expected}, received ${received} (${bytes.length} bytes)`,
    );
  }
  return bytes;
}

/** Returns the sha256 as 64 lower-case hex digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
