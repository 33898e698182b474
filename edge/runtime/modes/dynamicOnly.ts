/** As `dynamic`, without bundled models. */
import { createIsolates } from '../isolates/isolates.ts';
import type { Runtime } from '../runtime.ts';
import { openSlimSession } from '../slim.ts';

export const runtime: Runtime = { open: openSlimSession, fallsBack: true, isolates: createIsolates };
