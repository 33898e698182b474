/** Integrity: no graph runs whose bytes are not the ones that training wrote. */
import { type GraphName, graphSpec, type Manifest } from '../../shared/manifest.ts';
import type { ModelSource } from './source.ts';

/**
 * A graph's bytes, checked against the manifest's sha256.
 * @throws {Error} where they differ.
 */
export async function verifiedGraph(
  source: ModelSource,
  manifest: Manifest,
  graph: GraphName,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.graph(manifest, graph);
  const expected = graphSpec(manifest, graph).sha256;
  const received = hex(await crypto.subtle.digest('SHA-256', bytes));
  if (received !== expected) {
    throw new Error(
      `${graph} of ${manifest.name}@${manifest.version}: expected sha256 ${expected}, received ${received} (${bytes.length} bytes)`,
    );
  }
  return bytes;
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
