/** Wrangler passes `.wasm` files to a Worker compiled: Workers may not compile code from bytes. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
