/**
 * The models bundled with the Worker. Wrangler replaces this name (`alias` in wrangler.toml) with the module
 * that `bundleModels` writes.
 */
declare module 'latentedge:models' {
  export interface BundledModel {
    /** The artifact's manifest.json. */
    manifest: unknown;
    /** ONNX bytes by the name of the graph. */
    graphs: Readonly<Record<string, ArrayBuffer>>;
  }
  const models: readonly BundledModel[];
  export default models;
}
