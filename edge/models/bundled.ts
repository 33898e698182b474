/** Models that are part of the Worker's own upload: nothing to fetch, so a cold request needs no other service. */
import models from 'latentedge:models';
import type { Manifest } from '../../shared/manifest.ts';
import type { BundledSource } from './source.ts';

/**
 * The bundled models. Their manifests were parsed when they were bundled: doing so again would take a part of every start.
 */
export function bundledModels(): BundledSource {
  const entries = new Map(models.map(({ manifest, graphs }) => [manifest as Manifest, graphs]));
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
