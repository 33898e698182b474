/**
 * The models that were bundled with the Worker. Wrangler replaces this name (`alias` in wrangler.toml) with the
 * module that `bundleModels` writes.
 */
declare module 'latentedge:models' {
  export interface BundledModel {
    /** The artifact's manifest.json, as it is. */
    manifest: unknown;
    /** ONNX by the graph's name. */
    graphs: Readonly<Record<string, ArrayBuffer>>;
  }
  const models: readonly BundledModel[];
  export default models;
}
