/** Registry of predictors, by the name used in recipes and manifests. */
import { logistic } from './logistic.ts';
import type { Predictor } from './predictor.ts';
import { ridge } from './ridge.ts';
import { svr } from './svr.ts';

export const PREDICTORS = {
  logistic,
  ridge,
  svr,
} as const satisfies Record<string, Predictor>;

export type PredictorName = keyof typeof PREDICTORS;
