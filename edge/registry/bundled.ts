/** Models that are part of the Worker's own upload: nothing to fetch, so a cold request needs no other service. */
import models from 'latentedge:models';
import { Manifest } from '../../shared/manifest.ts';
import type { BundledSource } from './source.ts';

/**
 * The bundled models. Manifests are parsed as the Worker starts, so a broken one is refused at upload.
 * @throws {z.ZodError} where a manifest does not match its schema.
 */
export function bundledModels(): BundledSource {
  const entries = new Map(models.map(({ manifest, graphs }) => [Manifest.parse(manifest), graphs]));
  return {
    manifests: [...entries.keys()],
    graph: async (manifest, graph) => {
      const graphs = entries.get(manifest);
      if (!graphs) throw new Error(`${manifest.name}@${manifest.version} is not one of the bundled models`);
      const bytes = graphs[graph];
      if (!bytes) throw new Error(`${manifest.name}@${manifest.version} is bundled without '${graph}'`);
      return new Uint8Array(bytes);
    },
  };
}
