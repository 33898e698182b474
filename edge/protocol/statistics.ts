/** Statistics of graphs, in the form of Triton. */
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import type { InferenceStatistics } from '../../shared/protocolExtensions.ts';
import type { Models } from '../models/models.ts';
import type { Inferences } from '../telemetry/inferences.ts';
import { findServed, type GraphAddress, servedNames, versionsOf } from './served.ts';

type ModelStatistics = InferenceStatistics['model_stats'][number];

/**
 * Returns the statistics of a graph, for one version or for all; without an address, those of every graph.
 * @throws {ProblemError} `unknown-model` or `unknown-version`.
 */
export async function statistics(
  models: Models,
  inferences: Inferences,
  address: GraphAddress | undefined,
): Promise<InferenceStatistics> {
  const of = (manifest: Manifest, name: string, graph: GraphName): ModelStatistics => {
    return { name, version: manifest.version, ...inferences.of(manifest, graph) };
  };
  if (address === undefined) {
    const manifests = await models.list();
    return {
      model_stats: manifests.flatMap((manifest) =>
        servedNames(manifest).map(([name, graph]) => of(manifest, name, graph)),
      ),
    };
  }
  const served = await findServed(models, address);
  const { name, graph, manifest } = served;
  if (address.version !== undefined) return { model_stats: [of(manifest, name, graph)] };
  const versions = await versionsOf(models, served);
  const manifests = await Promise.all(versions.map((version) => models.find(`${manifest.name}@${version}`)));
  return { model_stats: manifests.map((each) => of(each, name, graph)) };
}
