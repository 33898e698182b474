/** Every model on onnxruntime-web without functions that no bundled model needs. */
import type { Runtime } from '../runtime.ts';
import { openSlimSession } from '../slim.ts';

export const runtime: Runtime = { open: openSlimSession };
