/** The graphs of artifacts that requests can run. */
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { maxRowsOf } from '../../edge/requests/rowLimit.ts';
import type { Limits } from '../../edge/settings.ts';
import { type GraphSpec, graphEntries, type Manifest } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';

export interface FreezableGraph {
  /** `<model>@<version>` */
  readonly model: string;
  /** `<model>@<version>/<graph>`, for messages. */
  readonly label: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly spec: GraphSpec;
  /** Texts that its preprocessing may know, such as categories. */
  readonly texts: readonly string[];
  /** Number of items that it may know. */
  readonly items: number;
  /** The most rows of one run. */
  readonly maxRows: number;
}

/**
 * Returns every graph that an operation of its model needs, without duplicates of the same bytes and tensor
 * names.
 */
export function freezableGraphs(
  artifacts: readonly Pick<Artifact, 'manifest' | 'graphs'>[],
  limits: Limits,
): FreezableGraph[] {
  const all = artifacts.flatMap(({ manifest, graphs }) => {
    const needed = new Set(manifest.operations.flatMap((operation) => OPERATIONS[operation].graphs));
    return (
      graphEntries(graphs)
        .filter(([name]) => needed.has(name))
        .map(([name, bytes]): FreezableGraph => {
          const spec = manifest.graphs[name]!;
          const model = `${manifest.name}@${manifest.version}`;
          return {
            ...{ model, label: `${model}/${name}` },
            bytes,
            spec,
            sha256: sha256(bytes),
            texts: textsOf(manifest),
            items: manifest.features.count,
            maxRows: maxRowsOf(manifest, limits),
          };
        })
        // A graph that differs from its manifest is refused when it is loaded.
        .filter((graph) => graph.sha256 === graph.spec.sha256)
    );
  });
  // The first of the same graphs stands for all of them.
  return [...new Map(all.toReversed().map((graph) => [keyOf(graph), graph])).values()].toReversed();
}

/**
 * Includes the tensor names, because manifests may name those of one graph differently: at most one of them
 * is right.
 */
export function keyOf({ sha256: hash, spec }: FreezableGraph): string {
  return [hash, ...[...spec.inputs, ...spec.outputs].map(({ name }) => name)].join();
}

/** Every text in the description of the columns. */
function textsOf({ features }: Manifest): string[] {
  const found = new Set<string>();
  JSON.stringify(features.columns ?? [], (_, value: unknown) => {
    if (typeof value === 'string') found.add(value);
    return value;
  });
  return [...found].slice(0, 1000);
}
