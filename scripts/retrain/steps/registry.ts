/** What a run does once it has the lock, in this order; the journal says of each that it has begun, and that it is done. */
import { canary } from './canary.ts';
import { confirm } from './confirm.ts';
import { evaluate } from './evaluate.ts';
import { judge } from './judge.ts';
import { promote } from './promote.ts';
import { publish } from './publish.ts';
import { smoke } from './smoke.ts';
import type { Step } from './step.ts';
import { train } from './train.ts';
import { watch } from './watch.ts';

export const STEPS = {
  train,
  evaluate,
  judge,
  publish,
  smoke,
  canary,
  watch,
  promote,
  confirm,
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;
