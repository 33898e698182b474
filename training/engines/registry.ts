/** Registry of engines, by the name that `--engine` takes. */
import type { Engine } from './engine.ts';
import { onnxruntime } from './onnxruntime.ts';

/** Loaded when it is chosen, as hardly any run does. */
const tfjs: Engine = async (...given) => (await import('./tfjs/engine.ts')).tfjsEngine(...given);

export const ENGINES = {
  onnxruntime,
  tfjs,
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;
