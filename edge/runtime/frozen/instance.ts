/** An instance of onnxruntime-web's WebAssembly with the C functions that runs need. */
/** The functions of onnxruntime's C API, and of the allocator, that are called from here. */
export const API = [
  ...['malloc', 'free', 'OrtGetLastError', 'OrtFree'],
  ...['OrtCreateTensor', 'OrtGetTensorData', 'OrtReleaseTensor', 'OrtRun'],
] as const;

/** These take and answer addresses and counts, all of them 32 bits. */
export type Api = Readonly<Record<(typeof API)[number], (...args: number[]) => number>>;

/** The minified names that an onnxruntime-web gave them, found by `scripts/freeze/layout.ts`. */
export type ApiNames = Readonly<Record<(typeof API)[number], string>>;

/** The memory, as long as it has not grown since: a view takes longer to make than a row to copy. */
export interface Views {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
}

export interface Instance {
  readonly exports: WebAssembly.Exports;
  readonly memory: WebAssembly.Memory;
  readonly api: Api;
  /** Where inputs are written; every run reuses it. */
  readonly scratch: { address: number; bytes: number };
  /** Of the memory; `viewsOf` makes them. */
  views?: Views;
}

/** What Emscripten's factory is given. */
export interface FactoryOptions {
  readonly numThreads: 1;
  readonly printErr?: (line: string) => void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: { exports: WebAssembly.Exports }, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

/** onnxruntime-web's own JavaScript around its WebAssembly: what that imports comes from here. */
export type Factory<Module = unknown> = (options: FactoryOptions) => Promise<Module>;

/** @throws {Error} where a function is not exported. */
export function instanceOf(
  exports: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  names: ApiNames,
): Instance {
  const api = Object.fromEntries(
    API.map((name) => {
      const exported = exports[names[name]];
      if (typeof exported !== 'function') throw new Error(`the runtime was built without ${name}`);
      return [name, exported];
    }),
  ) as unknown as Api;
  return { exports, memory, api, scratch: { address: 0, bytes: 0 } };
}
