/** An instance of onnxruntime-web's WebAssembly, with the C functions that runs need. */

/** Functions of onnxruntime's C API and of the allocator. */
export const API = [
  ...['malloc', 'free', 'OrtGetLastError', 'OrtFree'],
  ...['OrtCreateTensor', 'OrtGetTensorData', 'OrtReleaseTensor', 'OrtRun'],
] as const;

/** They take and return addresses and counts, all 32 bits. */
export type Api = Readonly<Record<(typeof API)[number], (...args: number[]) => number>>;

/** Their minified names in a build of onnxruntime-web, found by `scripts/freeze/layout.ts`. */
export type ApiNames = Readonly<Record<(typeof API)[number], string>>;

/** Views of the memory, reused until it grows: creating a view takes longer than copying a row. */
export interface Views {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
}

export interface Instance {
  readonly exports: WebAssembly.Exports;
  readonly memory: WebAssembly.Memory;
  readonly api: Api;
  /** The buffer for inputs, reused by every run. */
  readonly scratch: { address: number; bytes: number };
  /** Views of the memory, created by `viewsOf`. */
  views?: Views;
}

/** Options of Emscripten's factory. */
export interface FactoryOptions {
  readonly numThreads: 1;
  readonly printErr?: (line: string) => void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: { exports: WebAssembly.Exports }, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

/** onnxruntime-web's JavaScript around its WebAssembly, which provides its imports. */
export type Factory<Module = unknown> = (options: FactoryOptions) => Promise<Module>;

/** Looks up the C functions. @throws {Error} if one is not exported. */
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
