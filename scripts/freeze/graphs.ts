/** The graphs of artifacts that requests can run. */
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { type GraphSpec, graphEntries, type Manifest } from '../../shared/manifest.ts';
import { type Artifact, sha256 } from '../../training/artifact/artifact.ts';

export interface Freezable {
  /** Its model and name, for people. */
  readonly label: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly spec: GraphSpec;
  /** Texts that it may know. */
  readonly texts: readonly string[];
  /** How many items it may know. */
  readonly items: number;
}

/** Every graph that some operation of its model needs, once: graphs of equal bytes are one. */
export function freezableGraphs(artifacts: readonly Artifact[]): Freezable[] {
  const all = artifacts.flatMap(({ manifest, graphs }) => {
    const needed = new Set(manifest.operations.flatMap((operation) => OPERATIONS[operation].graphs));
    return (
      graphEntries(graphs)
        .filter(([name]) => needed.has(name))
        .map(([name, bytes]): Freezable => {
          const spec = manifest.graphs[name]!;
          const label = `${manifest.name}@${manifest.version}/${name}`;
          return {
            label,
            bytes,
            spec,
            sha256: sha256(bytes),
            texts: textsOf(manifest),
            items: manifest.features.count,
          };
        })
        // One that is not what its manifest says is refused where it is loaded.
        .filter((graph) => graph.sha256 === graph.spec.sha256)
    );
  });
  return [...new Map(all.map((graph) => [keyOf(graph), graph])).values()];
}

/** Manifests may name the tensors of one graph differently: at most one of them is right. */
function keyOf({ sha256: hash, spec }: Freezable): string {
  return [hash, ...[...spec.inputs, ...spec.outputs].map(({ name }) => name)].join();
}

/** Every text in what is known of the columns. */
function textsOf({ features }: Manifest): string[] {
  const found = new Set<string>();
  JSON.stringify(features.columns ?? [], (_, value: unknown) => {
    if (typeof value === 'string') found.add(value);
    return value;
  });
  return [...found].slice(0, 1000);
}
