/**
 * Bundled models, frozen; others, and requests that trap in a frozen one, on the unmodified onnxruntime-web.
 */
import frozen from 'latentedge:frozen';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import { openOnnxSession } from '../onnxruntimeWeb.ts';
import type { Runtime } from '../runtime.ts';

export const runtime: Runtime = {
  frozen: frozenSessions({ ...frozen, factory }),
  open: openOnnxSession,
  fallsBack: true,
};
