/** Bundled models, frozen; others on the slim runtime, which is loaded on demand. */
import frozen from 'latentedge:frozen';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import type { Runtime } from '../runtime.ts';
import { openSlimSession } from '../slim.ts';

export const runtime: Runtime = {
  frozen: frozenSessions({ ...frozen, factory }),
  open: openSlimSession,
};
