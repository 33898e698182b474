/** The frozen and slim runtimes of `npm run freeze`; `scripts/worker/bundle.ts` writes these modules. */
declare module 'latentedge:frozen' {
  const frozen: Omit<import('./frozen/thaw.ts').FrozenRuntime, 'factory'>;
  export default frozen;
}
declare module 'latentedge:slim' {
  const slim: {
    readonly layout: import('./frozen/create.ts').RuntimeLayout;
    /** Loads the WebAssembly, on demand. */
    load(): Promise<WebAssembly.Module>;
  };
  export default slim;
}
/** One of `edge/runtime/modes`, and the Model Context Protocol where the Worker offers it. */
declare module 'latentedge:runtime' {
  /** Loads `edge/mcp/handler.ts`, whose types are above this room; undefined where `MCP` is off. */
  export const mcp: (() => Promise<never>) | undefined;
  export const runtime: import('./runtime.ts').Runtime;
}
declare module 'onnxruntime-web/ort-wasm-simd-threaded.mjs' {
  const factory: import('./frozen/instance.ts').Factory<import('./frozen/create.ts').EmscriptenModule>;
  export default factory;
}
