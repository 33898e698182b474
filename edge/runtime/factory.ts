import emscriptenFactory from 'onnxruntime-web/ort-wasm-simd-threaded.mjs';
import type { EmscriptenModule } from './frozen/create.ts';
import type { Factory } from './frozen/instance.ts';

/** onnxruntime-web's JavaScript around its WebAssembly, as Emscripten wrote it. */
export const factory: Factory<EmscriptenModule> = emscriptenFactory;
