/** The steps of a run, in order. The journal records the beginning and the end of each. */
import { canary } from './canary.ts';
import { confirm } from './confirm.ts';
import { evaluate } from './evaluate.ts';
import { inspect } from './inspect.ts';
import { judge } from './judge.ts';
import { promote } from './promote.ts';
import { publish } from './publish.ts';
import { shadow } from './shadow.ts';
import { smoke } from './smoke.ts';
import type { RetrainStep } from './step.ts';
import { train } from './train.ts';
import { watch } from './watch.ts';

export const STEPS = {
  inspect,
  train,
  evaluate,
  judge,
  publish,
  smoke,
  shadow,
  canary,
  watch,
  promote,
  confirm,
} as const satisfies Record<string, RetrainStep>;

export type StepName = keyof typeof STEPS;
