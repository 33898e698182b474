/** Every model on onnxruntime-web without what none of the bundled ones needs. */
import type { Runtime } from '../runtime.ts';
import { openSlimSession } from '../slim.ts';

export const runtime: Runtime = { open: openSlimSession };
