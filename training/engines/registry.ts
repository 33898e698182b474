/** Registry of engines, by the name that `--engine` takes. */
import type { Engine } from './engine.ts';
import { onnxruntime } from './onnxruntime.ts';
import { tfjsEngine } from './tfjs/engine.ts';

export const ENGINES = {
  onnxruntime,
  tfjs: tfjsEngine,
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;
