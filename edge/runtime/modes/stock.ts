/** Every model on the unmodified onnxruntime-web. */
import { openOnnxSession } from '../onnxruntimeWeb.ts';
import type { Runtime } from '../runtime.ts';

export const runtime: Runtime = { open: openOnnxSession };
