/** Lets onnxruntime-web start from the WebAssembly module that the Worker was uploaded with. */
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';

/**
 * Given to onnxruntime-web as its `wasmBinary`. It only has to be recognised: Workers forbid compiling WebAssembly
 * from bytes, and onnxruntime-web has no option to take a compiled module.
 */
export const WASM_PLACEHOLDER = new ArrayBuffer(8);

type Instantiate = (
  source: BufferSource | WebAssembly.Module,
  imports?: WebAssembly.Imports,
) => Promise<WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>;

/**
 * While `work` runs, instantiating `WASM_PLACEHOLDER` instantiates the uploaded module; anything else that calls
 * `WebAssembly.instantiate` meanwhile gets what it asked for. Calls must not overlap, or the wrong function would be
 * put back: run them in a queue.
 */
export async function withWasmModule<Result>(work: () => Promise<Result>): Promise<Result> {
  const original = WebAssembly.instantiate;
  const replacement: Instantiate = async (source, imports) => {
    const isPlaceholder = ArrayBuffer.isView(source) && source.buffer === WASM_PLACEHOLDER;
    if (!isPlaceholder) return Reflect.apply(original, WebAssembly, [source, imports]);
    return { instance: await original(wasmModule, imports), module: wasmModule };
  };
  Reflect.set(WebAssembly, 'instantiate', replacement);
  try {
    return await work();
  } finally {
    Reflect.set(WebAssembly, 'instantiate', original);
  }
}
