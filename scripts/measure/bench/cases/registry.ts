/** Every training benchmark by its name; results are named `<case>/<contender>`. */
import type { TrainingCase } from './case.ts';
import { conv } from './conv.ts';
import { lstm } from './lstm.ts';
import { mlp } from './mlp.ts';
import { multvae } from './multvae.ts';
import { tiny } from './tiny.ts';
import { vae } from './vae.ts';

export const CASES = {
  'mlp-784-128-32': mlp,
  'conv-28x28': conv,
  'vae-784-400-20': vae,
  'multvae-10000-600-200': multvae,
  'lstm-140x1-64': lstm,
  'tiny-30-16-2': tiny,
} as const satisfies Record<string, TrainingCase>;

export type CaseName = keyof typeof CASES;
