/** Only bundled models, frozen. */
import frozen from 'latentedge:frozen';
import { factory } from '../factory.ts';
import { frozenSessions } from '../frozen/sessions.ts';
import type { Runtime } from '../runtime.ts';

export const runtime: Runtime = { frozen: frozenSessions({ ...frozen, factory }) };
