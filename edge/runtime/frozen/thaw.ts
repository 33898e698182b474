/** Thawing: starting a runtime from its frozen image. */
import { type ImageDescription, writeImage } from './image.ts';
import { type Factory, type Instance, instanceOf } from './instance.ts';

/** A frozen runtime, as stored in the upload. */
export interface FrozenRuntime {
  readonly factory: Factory;
  /** onnxruntime-web's WebAssembly, without functions that are never run. */
  readonly module: WebAssembly.Module;
  readonly image: ArrayBuffer;
  readonly description: ImageDescription;
}

/**
 * Returns a runtime that has its sessions already: its memory is that of the image, its globals are in the
 * module, and only the imports of Emscripten's start-up are used.
 *
 * The factory is asynchronous, but waits for nothing external: if this is called while the Worker starts, it
 * is done before the first request.
 */
export async function thaw({ factory, module, image, description }: FrozenRuntime): Promise<Instance> {
  const {
    pages,
    memory: [from, name],
    constructors,
    api,
  } = description;
  return new Promise((resolve, reject) => {
    factory({
      numThreads: 1,
      instantiateWasm(imports, done) {
        const memory = imports[from]![name] as WebAssembly.Memory;
        const present = memory.buffer.byteLength / 2 ** 16;
        if (present < pages) memory.grow(pages - present);
        writeImage(image, memory);
        const { exports } = new WebAssembly.Instance(module, imports);
        done({ exports: { ...exports, [constructors]: () => undefined } }, module);
        resolve(instanceOf(exports, memory, api));
        return exports;
      },
    }).catch(reject);
  });
}
