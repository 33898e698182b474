/**
 * Every gate, in the order of the verdicts. If any gate refuses, the run ends before anything is published.
 */
import { budget } from './budget.ts';
import { champion } from './champion.ts';
import { data } from './data.ts';
import { drift } from './drift.ts';
import { familiar } from './familiar.ts';
import type { Gate } from './gate.ts';
import { parity } from './parity.ts';
import { pca } from './pca.ts';
import { recorded } from './recorded.ts';
import { schema } from './schema.ts';

export const GATES = {
  data,
  schema,
  drift,
  familiar,
  champion,
  recorded,
  pca,
  parity,
  budget,
} as const satisfies Record<string, Gate>;

export type GateName = keyof typeof GATES;
