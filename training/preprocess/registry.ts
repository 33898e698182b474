/** Registry of transforms, by the name used in steps. */
import type { FittedStep } from '../data/preprocessing.ts';
import { clip } from './clip.ts';
import { impute } from './impute.ts';
import { imputeCategory } from './imputeCategory.ts';
import { label } from './label.ts';
import { log1p } from './log1p.ts';
import { minMax } from './minMax.ts';
import { oneHot } from './oneHot.ts';
import { robust } from './robust.ts';
import { standard } from './standard.ts';
import { symlog } from './symlog.ts';
import type { Transform } from './transform.ts';

export const TRANSFORMS = {
  impute,
  minMax,
  standard,
  robust,
  log1p,
  symlog,
  clip,
  imputeCategory,
  oneHot,
  label,
} as const satisfies Record<string, Transform>;

export type TransformName = keyof typeof TRANSFORMS;

/** Returns the transform of a fitted step. */
export function transformOf({ transform }: Pick<FittedStep, 'transform'>): Transform {
  return TRANSFORMS[transform as TransformName];
}
