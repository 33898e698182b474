/**
 * Bundled models, frozen; those of a bucket, each version in a frozen isolate of its own. Whatever neither can run, on
 * the unmodified onnxruntime-web, which is loaded on demand.
 */
import frozen from 'latentedge:frozen';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import { createIsolates } from '../isolates/isolates.ts';
import type { Runtime } from '../runtime.ts';
import { openSlimSession } from '../slim.ts';

export const runtime: Runtime = {
  frozen: frozenSessions({ ...frozen, factory }),
  open: openSlimSession,
  fallsBack: true,
  isolates: createIsolates,
};
