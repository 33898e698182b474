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

/** A runtime whose image is being written into its memory. */
export interface Thawing {
  /** Writes an image, or the next piece of one. */
  write(image: ArrayBuffer): void;
  /** Starts the runtime, once all of its image is written. */
  finish(): Instance;
}

/**
 * Returns a runtime that has its sessions already: its memory is that of the image, its globals are in the
 * module, and only the imports of Emscripten's start-up are used.
 *
 * The factory is asynchronous, but waits for nothing external: if this is called while the Worker starts, it
 * is done before the first request.
 */
export async function thaw({ image, ...frozen }: FrozenRuntime): Promise<Instance> {
  const thawing = await beginThaw(frozen);
  thawing.write(image);
  return thawing.finish();
}

/** Begins to thaw a runtime whose image is not there yet, or only in pieces. */
export function beginThaw({ factory, module, description }: Omit<FrozenRuntime, 'image'>): Promise<Thawing> {
  const {
    pages,
    memory: [from, name],
    constructors,
    clock,
    api,
  } = description;
  return new Promise((resolve, reject) => {
    factory({
      numThreads: 1,
      instantiateWasm(imports, done) {
        const memory = imports[from]![name] as WebAssembly.Memory;
        const present = memory.buffer.byteLength / 2 ** 16;
        if (present < pages) memory.grow(pages - present);
        resolve({
          write: (image) => writeImage(image, memory),
          finish: () => {
            if (clock !== undefined) imports[from]![clock] = stoppedClock(memory);
            const { exports } = new WebAssembly.Instance(module, imports);
            done({ exports: { ...exports, [constructors]: () => undefined } }, module);
            return instanceOf(exports, memory, api);
          },
        });
        // Emscripten takes the exports from `done`.
        return {};
      },
    }).catch(reject);
  });
}

/**
 * Returns a `clock_time_get` that always answers 0. A run asks for the time four times, for a profile that nobody
 * reads, and Emscripten's answer takes a fifth of a run of one row. On Cloudflare's network, the clock stands still
 * during a run, too.
 */
function stoppedClock(memory: WebAssembly.Memory): (...values: (number | bigint)[]) => number {
  let view = new DataView(memory.buffer);
  return (...values) => {
    // The buffer is another one once the memory has grown.
    if (view.buffer !== memory.buffer) view = new DataView(memory.buffer);
    // The address of the answer comes last; before it, releases differ.
    const address = Number(values[values.length - 1]) >>> 0;
    view.setUint32(address, 0, true);
    view.setUint32(address + 4, 0, true);
    return 0;
  };
}
