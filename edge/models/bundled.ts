/** Models that are part of the Worker's upload: a cold start needs no other service. */
import models from 'latentedge:models';
import type { Manifest } from '../../shared/manifest.ts';
import type { BundledSource } from './source.ts';

/**
 * Returns the bundled models. Their manifests were checked when they were bundled; checking again would slow
 * every start.
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
