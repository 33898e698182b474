import type { GraphName, Manifest } from '../../shared/manifest.ts';

/** Where models come from. Graphs are handed out as stored: `verifiedGraph` checks them before use. */
export interface ModelSource {
  /** Every served version of every model, in no particular order. */
  list(): Promise<readonly Manifest[]>;
  /** The stored ONNX bytes of one graph of a listed manifest. */
  graph(manifest: Manifest, graph: GraphName): Promise<Uint8Array<ArrayBuffer>>;
}
