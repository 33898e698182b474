/** Wrangler hands a Worker its `.wasm` files compiled: code may not be compiled from bytes at run time. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
