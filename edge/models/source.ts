/** Sources of models. */
import type { Aliases } from '../../shared/aliases.ts';
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import type { FrozenModule } from '../runtime/isolates/frozenModule.ts';

/** A source of graphs, returned as stored: `verifiedGraph` checks them before use. */
export interface GraphSource {
  /** Returns the stored ONNX bytes of one graph. */
  graph(manifest: Manifest, graph: GraphName): Promise<Uint8Array<ArrayBuffer>>;
  /** Returns the frozen module of a version; undefined if it has none. */
  frozen?(manifest: Manifest): Promise<FrozenModule | undefined>;
}

/** A fixed set of models. */
export interface BundledSource extends GraphSource {
  /** Every version of every model, in no particular order. */
  readonly manifests: readonly Manifest[];
}

/** Models that may change while the Worker runs. */
export interface StoredSource extends GraphSource {
  /** Returns the names of all models. */
  names(): Promise<string[]>;
  /** Returns the current `aliases.json`, or `known` if it is unchanged; undefined if there is none. */
  aliases(name: string, known?: StoredAliases): Promise<StoredAliases | undefined>;
  /** Returns the checked manifest of one version; undefined if there is no such version. */
  manifest(name: string, version: string): Promise<Manifest | undefined>;
}

export interface StoredAliases {
  readonly aliases: Aliases;
  readonly etag: string;
}
