/** Starting onnxruntime-web from the WebAssembly module in the Worker's upload. */
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';

/**
 * The `wasmBinary` given to onnxruntime-web, to be recognised below: Workers forbid compiling WebAssembly
 * from bytes, and onnxruntime-web has no option for a compiled module.
 */
export const WASM_PLACEHOLDER = new ArrayBuffer(8);

type Instantiate = (
  source: BufferSource | WebAssembly.Module,
  imports?: WebAssembly.Imports,
) => Promise<WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>;

/**
 * Runs `work`, during which instantiating `WASM_PLACEHOLDER` instantiates the uploaded module; other calls of
 * `WebAssembly.instantiate` are unaffected. Calls must not overlap, or the wrong function would be restored:
 * run them in a queue.
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
