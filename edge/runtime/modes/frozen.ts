/** Bundled models, frozen; no others. */
import frozen from 'latentedge:frozen';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import type { Runtime } from '../runtime.ts';

export const runtime: Runtime = {
  frozen: frozenSessions({ ...frozen, factory }),
  open: async () => {
    throw new Error(
      'this Worker runs nothing but its bundled models: deploy it with RUNTIME = "frozen+slim"',
    );
  },
};
