import type { Aliases } from '../../shared/aliases.ts';
import type { GraphName, Manifest } from '../../shared/manifest.ts';

/** Where graphs come from. They are handed out as stored: `verifiedGraph` checks them before use. */
export interface GraphSource {
  /** The stored ONNX bytes of one graph. */
  graph(manifest: Manifest, graph: GraphName): Promise<Uint8Array<ArrayBuffer>>;
}

/** Models that are there from the start, and stay. */
export interface BundledSource extends GraphSource {
  /** Every version of every model, in no particular order. */
  readonly manifests: readonly Manifest[];
}

/** Models that come and go while the Worker runs. */
export interface StoredSource extends GraphSource {
  /** The names of all models. */
  names(): Promise<string[]>;
  /** What `aliases.json` says now, or `known` where that is still it; undefined where there is none. */
  aliases(name: string, known?: StoredAliases): Promise<StoredAliases | undefined>;
  /** The checked manifest of one version; undefined where there is no such version. */
  manifest(name: string, version: string): Promise<Manifest | undefined>;
}

export interface StoredAliases {
  readonly aliases: Aliases;
  readonly etag: string;
}
